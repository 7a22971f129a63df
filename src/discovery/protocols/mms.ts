import type { Subject } from '../../asset/observation'
import { berElements } from '../ber'
import type { Notes } from '../voice'

// Manufacturing Message Specification (ISO 9506-2), behind session and presentation: an answer to Identify is tagged A2
// in a confirmed response (A1), and holds vendor (80), model (81) and revision (82)

const CONFIRMED_RESPONSE = 0xa1
const IDENTIFY = 0xa2

export interface MmsIdentity {
  vendor: Buffer
  model: Buffer
  revision: Buffer
}

/** An answer to Identify somewhere in this body: what lies around it is of varying length, and tells nothing. */
export function findMmsIdentity(body: Buffer): MmsIdentity | undefined {
  for (let at = body.indexOf(CONFIRMED_RESPONSE); at !== -1; at = body.indexOf(CONFIRMED_RESPONSE, at + 1)) {
    const [response] = berElements(body.subarray(at), 1)
    const [invoke, identify] = berElements(response?.contents ?? Buffer.alloc(0), 2)
    if (invoke?.tag !== 0x02 || identify?.tag !== IDENTIFY) continue
    const [vendor, model, revision] = berElements(identify.contents, 3)
    if (vendor?.tag === 0x80 && model?.tag === 0x81 && revision?.tag === 0x82 && revision.isWhole) {
      return { vendor: vendor.contents, model: model.contents, revision: revision.contents }
    }
  }
  return undefined
}

export function learnMms(body: Buffer, sender: Subject, notes: Notes): void {
  const found = findMmsIdentity(body)
  if (found === undefined) return
  notes.add(sender, 'maker', found.vendor, 85)
  notes.add(sender, 'model', found.model, 85)
  notes.add(sender, 'firmware', found.revision, 80)
}
