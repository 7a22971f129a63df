import type { Frame } from './frame'

/** A scene is a story told in frames, in time order: one phone call, one person's browsing. */
export type Scene = Generator<Frame, void>

/** The time inside one scene, microseconds since 1970. */
export class Clock {
  constructor(public atMicros: number) {}

  wait(micros: number): void {
    this.atMicros += Math.round(micros)
  }

  waitSeconds(seconds: number): void {
    this.wait(seconds * 1e6)
  }
}

/** All frames of all scenes in time order. Each scene is asked only for its next frame, so nothing piles up. */
export function* inTimeOrder(scenes: readonly Scene[]): Scene {
  const heap: Waiting[] = []
  scenes.forEach((scene, order) => {
    const first = scene.next()
    if (!first.done) push(heap, { frame: first.value, order, scene })
  })
  for (let top = heap[0]; top !== undefined; top = heap[0]) {
    yield top.frame
    const next = top.scene.next()
    if (next.done) {
      const last = heap.pop()!
      if (heap.length > 0) heap[0] = last
    } else {
      top.frame = next.value
    }
    sink(heap)
  }
}

/** The next frame of a scene. Equal times go by the order of the scenes, or two runs could differ. */
interface Waiting {
  frame: Frame
  order: number
  scene: Scene
}

function isBefore(a: Waiting, b: Waiting): boolean {
  return a.frame.atMicros === b.frame.atMicros ? a.order < b.order : a.frame.atMicros < b.frame.atMicros
}

function push(heap: Waiting[], added: Waiting): void {
  let at = heap.length
  heap.push(added)
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (!isBefore(added, heap[parent]!)) break
    heap[at] = heap[parent]!
    at = parent
  }
  heap[at] = added
}

/** Move the first one down to where it belongs. */
function sink(heap: Waiting[]): void {
  const moving = heap[0]
  if (moving === undefined) return
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
    if (!isBefore(heap[child]!, moving)) break
    heap[at] = heap[child]!
    at = child
  }
  heap[at] = moving
}
