import { Inventory } from '../../../src/asset/inventory'
import { runWorker } from '../../../src/capture/main'
import { Ear } from '../../../src/discovery/ear'

// The worker without an inventory: nobody hears what machines say, and the report tells it of no address and no service,
// so that it stays empty. Everything else is as it is.
Ear.prototype.packet = () => undefined
Ear.prototype.mayTellLate = () => false
Inventory.prototype.hear = () => undefined
Inventory.prototype.mayHold = () => false

void runWorker()
