import { chmod, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** What is to stand in a file. */
export interface FileToWrite {
  path: string
  text: string
  /** For a file that is new; one that is there keeps its own. */
  mode: number
}

const beside = (path: string): string => join(dirname(path), `.${basename(path)}.new`)

/**
 * Write a file that is whole after a power cut, old or new but never half: written beside, flushed, renamed,
 * and the folder flushed too, since the rename itself lives there.
 */
export async function writeDurably(file: FileToWrite): Promise<void> {
  await writeBeside(file)
  await putInPlace(file.path)
}

/**
 * Write several files so that a power cut leaves all old or all new. What is wanted is first written down whole in
 * `journal`; finishWriting() carries it out again after a cut in the middle.
 */
export async function writeTogether(journal: string, files: FileToWrite[]): Promise<void> {
  const [only] = files
  if (only && files.length === 1) return writeDurably(only)
  if (!only) return
  // All of them before the journal decides: a full disk shows here, while nothing has changed yet.
  for (const file of files) await writeBeside(file)
  await writeDurably({ path: journal, text: JSON.stringify(files), mode: 0o600 })
  for (const { path } of files) await putInPlace(path)
  await removeJournal(journal)
}

/** Finish what a power cut interrupted. To be called before the files are read. */
export async function finishWriting(journal: string): Promise<void> {
  const text = await readIfThere(journal)
  if (!text) return
  for (const file of JSON.parse(text.toString()) as FileToWrite[]) await writeDurably(file)
  await removeJournal(journal)
}

/** Remove what a power cut left half-written in a folder. */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (/^\..*\.new$/.test(name)) await rm(join(folder, name), { force: true })
  }
}

/** The bytes of a file, or undefined when there is none. */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Take a file from everyone but its owner. */
export async function keepPrivate(path: string): Promise<void> {
  const mode = await modeOf(path)
  if (mode !== undefined && (mode & 0o077) !== 0) await chmod(path, 0o600)
}

export async function makeFolder(path: string, mode: number): Promise<void> {
  await mkdir(path, { recursive: true, mode })
}

async function writeBeside({ path, text, mode }: FileToWrite): Promise<void> {
  const file = await open(beside(path), 'w', 0o600)
  try {
    await file.chmod((await modeOf(path)) ?? mode)
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function putInPlace(path: string): Promise<void> {
  await rename(beside(path), path)
  await flushFolder(dirname(path))
}

async function removeJournal(journal: string): Promise<void> {
  await rm(journal, { force: true })
  await flushFolder(dirname(journal))
}

async function modeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mode & 0o777
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
