import type { Lab } from '../namespaces/lab'
import type { Namespace } from '../namespaces/namespace'
import { ApplianceRoom, type RoomOptions } from './appliance-room'

const rooms: ApplianceRoom[] = []

/** A room that clearRooms() ends, also when the test has failed. */
export function newRoom(lab: Lab, machine: Namespace, options: RoomOptions): ApplianceRoom {
  const room = new ApplianceRoom(lab, machine, options)
  rooms.push(room)
  return room
}

export async function clearRooms(): Promise<void> {
  for (const room of rooms.splice(0)) await room.end()
}
