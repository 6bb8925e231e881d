// The kernel's speed on three textbook workloads, through its public door: processes, typed events, servers and
// digest as a model uses them. Each returns { events, check }: model events, and a figure that theory knows
// (W1, W3: mean time in system, 5 and 5.2365 service times; W2: end time x pending / count, 1).
import { eventKind, exponential, Process, Sim } from 'faultline/kernel'

const UNIT = 1e6
let runs = 0

/** Waiting jobs of one station, first come first served, by number. */
class Fifo {
  constructor() {
    this.items = new Float64Array(1024)
    this.head = 0
    this.length = 0
  }

  put(value) {
    if (this.length === this.items.length) {
      const larger = new Float64Array(this.length * 2)
      for (let i = 0; i < this.length; i++) larger[i] = this.items[(this.head + i) & (this.length - 1)]
      this.items = larger
      this.head = 0
    }
    this.items[(this.head + this.length++) & (this.items.length - 1)] = value
  }

  take() {
    const value = this.items[this.head]
    this.head = (this.head + 1) & (this.items.length - 1)
    this.length--
    return value
  }
}

class Station extends Process {
  constructor(sim, name, host, servers) {
    super(sim, name, host)
    this.waiting = new Fifo()
    this.idle = servers
  }
}

const draw = (stream, mean) => Math.round(exponential(stream) * mean)

/** M/M/1 at load 0.8: `count` customers, two events each. */
export function W1(count, seed) {
  const run = runs++
  const sim = new Sim(`w1/${seed}`)
  const stream = sim.random('draws')
  const desk = new Station(sim, 'desk', sim.host('host', 'a', 1e9), 1)
  let made = 0, done = 0, sum = 0
  const leave = eventKind(`bench.w1-leave-${run}`, (s, unit, at) => {
    sum += s.now - at
    done++
    if (unit.waiting.length > 0) s.after(draw(stream, UNIT), unit, leave, unit.waiting.take())
    else unit.idle++
  })
  const enter = eventKind(`bench.w1-enter-${run}`, (s, unit) => {
    if (++made < count) s.after(draw(stream, 1.25 * UNIT), unit, enter, 0)
    if (unit.idle > 0) {
      unit.idle--
      s.after(draw(stream, UNIT), unit, leave, s.now)
    } else unit.waiting.put(s.now)
  })
  sim.after(draw(stream, 1.25 * UNIT), desk, enter, 0)
  sim.run(1e15, true, Infinity)
  return { events: sim.events, check: sum / done / UNIT }
}

/** Hold: `pending` events, each schedules its successor, `count` times in all. */
export function W2(count, pending, seed) {
  const run = runs++
  const sim = new Sim(`w2/${seed}`)
  const stream = sim.random('draws')
  const holder = new Process(sim, 'holder', sim.host('host', 'a', 1e9))
  const hold = eventKind(`bench.w2-hold-${run}`, (s, unit, item) => s.after(draw(stream, 1000 * UNIT), unit, hold, item))
  for (let i = 0; i < pending; i++) sim.after(draw(stream, 1000 * UNIT), holder, hold, i)
  sim.run(1e15, true, count)
  return { events: sim.events, check: (sim.now / (1000 * UNIT)) * pending / count }
}

/** Three stages in tandem, 12 partitions with own queue and 4 servers each, load 0.8: four events a record. */
export function W3(count, seed) {
  const run = runs++
  const sim = new Sim(`w3/${seed}`)
  const stream = sim.random('draws')
  const host = sim.host('host', 'a', 1e9)
  const stages = [0, 1, 2].map((stage) => Array.from({ length: 12 }, (_, i) => new Station(sim, `stage-${stage}-${i}`, host, 4)))
  const source = new Process(sim, 'source', host)
  const born = new Float64Array(count), partition = new Uint8Array(count), histogram = new Uint32Array(4096)
  let made = 0, sum = 0
  const arrive = (s, stage, record) => {
    const station = stages[stage][(partition[record] + 5 * stage) % 12]
    if (station.idle > 0) {
      station.idle--
      s.after(draw(stream, UNIT), station, served[stage], record)
    } else station.waiting.put(record)
  }
  const served = [0, 1, 2].map((stage) => eventKind(`bench.w3-served-${stage}-${run}`, (s, station, record) => {
    if (station.waiting.length > 0) s.after(draw(stream, UNIT), station, served[stage], station.waiting.take())
    else station.idle++
    if (stage < 2) arrive(s, stage + 1, record)
    else {
      const time = s.now - born[record]
      sum += time
      histogram[Math.min(4095, (time * 64 / UNIT) | 0)]++
    }
  }))
  const birth = eventKind(`bench.w3-birth-${run}`, (s, unit) => {
    const record = made++
    born[record] = s.now
    partition[record] = stream.below(12)
    if (made < count) s.after(draw(stream, UNIT / 38.4), unit, birth, 0)
    arrive(s, 0, record)
  })
  sim.after(draw(stream, UNIT / 38.4), source, birth, 0)
  sim.run(1e15, true, Infinity)
  return { events: sim.events, check: sum / count / UNIT }
}
