import { count, counted } from './figures'

/** What the worker has in memory, and may have, as console and commands tell it. */
export interface MemoryFigures {
  isRunning: boolean
  counters: { liveFlows: number; assets: number; residentMegabytes: number }
  /** Its budget. */
  memoryMegabytes: number
}

/** `312 of 896 MB` */
export function memoryText({ isRunning, counters, memoryMegabytes }: MemoryFigures): string {
  // What one that has ended counted last is kept; its memory it has given back.
  return `${count(isRunning ? counters.residentMegabytes : 0)} of ${count(memoryMegabytes)} MB`
}

/** `321 flows, 45 assets; memory 312 of 896 MB` */
export function tablesText(worker: MemoryFigures): string {
  const { liveFlows, assets } = worker.counters
  return `${counted(liveFlows, 'flow')}, ${counted(assets, 'asset')}; memory ${memoryText(worker)}`
}
