import { connectControl, type SensorControl } from './control-client'

/**
 * Connect to the first of these control sockets that has a sensor behind it. Rejects in plain words when none has, or
 * when there is one that may not be asked.
 */
export async function findSensor(sockets: readonly string[]): Promise<SensorControl> {
  for (const socket of sockets) {
    try {
      return await connectControl(socket)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === undefined) throw error
      if (['ENOENT', 'ECONNREFUSED', 'ENOTDIR'].includes(code)) continue
      throw new Error(`The sensor at ${socket} cannot be asked (${code}).`, { cause: error })
    }
  }
  throw new Error(`No sensor answers at ${sockets.join(' or ')}. Start one with "nps sensor" or "npm start".`)
}
