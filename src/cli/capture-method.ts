import { Option } from 'commander'
import { CAPTURE_METHODS } from '../capture/messages'

/** `--source`: how mirror ports are listened to. Which ones they are is said elsewhere. */
export function captureMethod(): Option {
  return new Option('--source <method>', "how to listen to a mirror port: the kernel's packet ring, or libpcap")
    .choices(CAPTURE_METHODS)
    .default('auto')
}
