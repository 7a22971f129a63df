import { startPlatform } from '../../../src/platform/main'

/** A platform in a folder, on a port; prints a line when it answers. */
async function main([folder, port]: string[]): Promise<void> {
  await startPlatform({ folder: folder!, host: '127.0.0.1', port: Number(port) })
  console.log('ready')
}

void main(process.argv.slice(2))
