import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface PmacctdOptions {
  /** The line that says what it reads. */
  source: string
  /** What its plugin has not come to yet; without room for it packets are lost. */
  pipeBytes: number
  bufferBytes: number
}

/** Write a file of settings by which pmacctd counts by 5-tuples, and answer its path. */
export function writePmacctdSettings(folder: string, { source, pipeBytes, bufferBytes }: PmacctdOptions): string {
  const path = join(folder, 'pmacctd.conf')
  const lines = [
    'daemonize: false',
    source,
    'plugins: print[flows]',
    'aggregate[flows]: src_host, dst_host, src_port, dst_port, proto',
    'print_refresh_time[flows]: 3600',
    'print_output_file[flows]: /dev/null',
    // Most of its memory, but with its own 16,411 it writes out what does not fit all the time.
    'print_cache_entries[flows]: 262147',
    `plugin_pipe_size[flows]: ${pipeBytes}`,
    `plugin_buffer_size[flows]: ${bufferBytes}`,
  ]
  writeFileSync(path, lines.join('\n') + '\n')
  return path
}
