/** Wait until something holds; rejects after `deadlineMs`, naming what was waited for by its source text. */
export async function until(holds: () => boolean | Promise<boolean>, deadlineMs = 60_000): Promise<void> {
  const giveUpAt = Date.now() + deadlineMs
  while (!(await holds())) {
    if (Date.now() > giveUpAt) throw new Error(`waited ${deadlineMs} ms in vain for ${holds.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
