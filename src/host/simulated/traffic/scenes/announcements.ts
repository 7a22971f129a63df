import { ETHERTYPE_LLDP } from '../emit/ethernet'
import { emitLldp, LLDP_ACCESS_POINT, LLDP_BRIDGE, LLDP_GROUP } from '../emit/lldp'
import { emitSsdpDevice, emitSsdpSearch } from '../emit/ssdp'
import type { Frame } from '../frame'
import { takePort, type Machine } from '../machine'
import { UdpExchange } from '../mirror'
import { SSDP, SSDP_PORT, type StaffMachine } from '../premises'
import type { Random } from '../random'
import type { Clock, Scene } from '../timeline'
import { announceServices } from './local-names'
import type { Stage } from './stage'

export const SWITCH_DESCRIPTION = 'Example Switch 48G, software 12.2(25), bootloader 1.0'
export const ACCESS_POINT_DESCRIPTION = 'Example AP 6 Lite, 6.5.62.14788'

/** Switch and access point say every 30 seconds who they are. */
export function* sayWhereCablesGo(stage: Stage, clock: Clock): Scene {
  const { switch: theSwitch, accessPoint } = stage.premises
  while (clock.atMicros < stage.endMicros) {
    yield sayLldp(stage, clock, theSwitch, 'GigabitEthernet0/24', SWITCH_DESCRIPTION, LLDP_BRIDGE)
    clock.waitSeconds(11)
    yield sayLldp(stage, clock, accessPoint, 'eth0', ACCESS_POINT_DESCRIPTION, LLDP_BRIDGE | LLDP_ACCESS_POINT)
    clock.waitSeconds(19)
  }
}

export function sayLldp(
  stage: Stage,
  clock: Clock,
  machine: Machine,
  port: string,
  systemDescription: string,
  capabilities: number,
): Frame {
  const payload = emitLldp({
    mac: machine.mac,
    port,
    systemName: machine.name,
    systemDescription,
    capabilities,
    address: machine.v4.address.bytes,
  })
  return stage.mirror.ethernet(clock, machine.segment, machine.mac, LLDP_GROUP, ETHERTYPE_LLDP, payload)
}

/** Camera and file server tell what they offer; the camera also as a UPnP device, again and again. */
export function* offerServices(stage: Stage, clock: Clock): Scene {
  const { camera, fileServer } = stage.premises
  yield* announceServices(stage, clock, camera, [
    { type: '_http._tcp.local', port: 80, texts: [] },
    { type: '_rtsp._tcp.local', port: 554, texts: ['txtvers=1'] },
  ])
  yield* announceServices(stage, clock, fileServer, [
    { type: '_smb._tcp.local', port: 445, texts: [] },
    { type: '_device-info._tcp.local', port: 0, texts: ['model=RackMac'] },
  ])
  const group = new UdpExchange(stage.mirror, clock, camera.v4, SSDP_PORT, SSDP, SSDP_PORT)
  while (clock.atMicros < stage.endMicros) {
    yield group.fromClient(emitSsdpDevice({ ...deviceOf(camera), notify: true }))
    clock.waitSeconds(90)
  }
}

/** Windows looks for UPnP devices; the camera answers from a port of its own choice, which is a flow of its own. */
export function* searchDevices(stage: Stage, clock: Clock, random: Random, machine: StaffMachine): Scene {
  const { camera } = stage.premises
  while (clock.atMicros < stage.endMicros) {
    const port = takePort(machine)
    const search = new UdpExchange(stage.mirror, clock, machine.v4, port, SSDP, SSDP_PORT)
    for (let times = 0; times < 2; times++) {
      yield search.fromClient(emitSsdpSearch('upnp:rootdevice', 'Microsoft-Windows/10.0 UPnP/1.0'))
      clock.wait(random.between(200_000, 900_000))
      const answer = new UdpExchange(stage.mirror, clock, camera.v4, takePort(camera), machine.v4, port)
      yield answer.fromClient(emitSsdpDevice({ ...deviceOf(camera), notify: false }))
      clock.waitSeconds(3)
    }
    clock.waitSeconds(random.between(110, 200))
  }
}

const deviceOf = (camera: Machine) => ({
  location: `http://${camera.v4.address.text}:49152/rootdesc.xml`,
  server: 'Linux/5.10 UPnP/1.0 Example Camera/10.12',
  uuid: `45a8c0de-0000-4000-8000-${camera.mac.toString('hex')}`,
})
