/** The made-up engine in a real worker; asked to follow "silence" it never answers again. */
import * as Comlink from 'comlink'
import type { FactLine, Reply } from '../../src/host/api.ts'
import { FakeEngine } from './fake-engine.ts'

class Silent extends FakeEngine {
  override async follow(record: string, until: number): Promise<Reply<readonly FactLine[]>> {
    // A worker that hangs in a loop: nothing but ending it helps.
    while (record === 'silence:1') continue
    return super.follow(record, until)
  }
}

Comlink.expose(new Silent())
