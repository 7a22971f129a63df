import type { Box } from './box'

const KEPT = '/etc/hostname'
/** What the machine was called before we were told a name. */
const BEFORE = '/etc/hostname.before-nps'
const KERNEL = '/proc/sys/kernel/hostname'

/** Call the machine this until the next boot; without a name, what it is called by itself. */
export async function setHostname(box: Box, hostname: string): Promise<void> {
  const before = (await box.read(BEFORE)) ?? (await box.read(KEPT)) ?? ''
  const wanted = hostname === '' ? before.trim() : hostname
  if (wanted === '' || wanted === (await box.read(KERNEL))?.trim()) return
  await box.set(KERNEL, wanted)
}

/** And after the next boot. The name of before is kept, so that taking ours away brings it back. */
export async function settleHostname(box: Box, hostname: string): Promise<void> {
  const before = await box.read(BEFORE)
  const kept = (await box.read(KEPT)) ?? ''
  if (hostname === '') {
    if (before === undefined) return
    await box.write(KEPT, before)
    await box.remove(BEFORE)
    return
  }
  if (kept.trim() === hostname) return
  if (before === undefined) await box.write(BEFORE, kept)
  await box.write(KEPT, `${hostname}\n`)
}
