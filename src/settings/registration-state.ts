/** What the sensor remembers of its registration. The key and certificate lie beside it, in files of their own. */
export interface RegistrationState {
  state: 'Unregistered' | 'Registered' | 'Deregistered'
  /** The platform's id for this sensor, a UUID; empty while unregistered. */
  sensorId: string
  /** The name the platform gave it. */
  name: string
  sensing: 'Sensing' | 'Paused' | 'ECO'
  /** Version of the configuration in force; 0 means the one shipped. */
  configurationVersion: number
  /** When the state became what it is, milliseconds since 1970; 0 means never. */
  sinceMs: number
}

export const DEFAULT_REGISTRATION: RegistrationState = {
  state: 'Unregistered',
  sensorId: '',
  name: '',
  sensing: 'Paused',
  configurationVersion: 0,
  sinceMs: 0,
}
