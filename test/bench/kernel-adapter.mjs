// The kernel's speed on three textbook workloads, through its public door: processes with their state in
// fields, kinds declared once, digest on, as a model uses them. Each returns { events, check }: model events,
// and a figure that theory knows (W1, W3: mean time in system, 5 and 5.2365 service times; W2: end time x
// pending / count, 1).
import { eventKind, exponential, Process, Sim } from 'faultline/kernel'

const UNIT = 1e6

/** A time of the given mean, in whole nanoseconds. */
const draw = (stream, mean) => Math.ceil(exponential(stream) * mean)

/** Servers with one queue, first come first served; `waiting` holds a number for each job. */
class Station extends Process {
  constructor(sim, name, host, stream, servers) {
    super(sim, name, host)
    this.stream = stream
    this.idle = servers
    this.waiting = new Float64Array(1024)
    this.first = 0
    this.length = 0
  }

  wait(value) {
    if (this.length === this.waiting.length) this.grow()
    this.waiting[(this.first + this.length++) & (this.waiting.length - 1)] = value
  }

  next() {
    const value = this.waiting[this.first]
    this.first = (this.first + 1) & (this.waiting.length - 1)
    this.length--
    return value
  }

  grow() {
    const larger = new Float64Array(this.length * 2)
    for (let i = 0; i < this.length; i++) larger[i] = this.waiting[(this.first + i) & (this.length - 1)]
    this.waiting = larger
    this.first = 0
  }
}

/** One desk; the customer in service came at `servingSince`. */
class Desk extends Station {
  constructor(sim, name, host, stream, count) {
    super(sim, name, host, stream, 1)
    this.left = count
    this.servingSince = 0
    this.done = 0
    this.sum = 0
  }

  serve(sim, since) {
    this.servingSince = since
    sim.after(draw(this.stream, UNIT), this, leave, 0)
  }
}

const enter = eventKind('bench.w1-enter', (sim, desk) => {
  if (--desk.left > 0) sim.after(draw(desk.stream, 1.25 * UNIT), desk, enter, 0)
  if (desk.idle > 0) {
    desk.idle--
    desk.serve(sim, sim.now)
  } else desk.wait(sim.now)
})
const leave = eventKind('bench.w1-leave', (sim, desk) => {
  desk.sum += sim.now - desk.servingSince
  desk.done++
  if (desk.length > 0) desk.serve(sim, desk.next())
  else desk.idle++
})

/** M/M/1 at load 0.8: `count` customers, two events each. */
export function W1(count, seed) {
  const sim = new Sim(`w1/${seed}`)
  const desk = new Desk(sim, 'desk', sim.host('host', 'a', 1e9), sim.random('draws'), count)
  sim.after(draw(desk.stream, 1.25 * UNIT), desk, enter, 0)
  sim.run(1e15, true, Infinity)
  return { events: sim.events, check: desk.sum / desk.done / UNIT }
}

const hold = eventKind('bench.w2-hold', (sim, station, item) => {
  sim.after(draw(station.stream, 1000 * UNIT), station, hold, item)
})

/** Hold: `pending` events, each schedules its successor, `count` times in all. */
export function W2(count, pending, seed) {
  const sim = new Sim(`w2/${seed}`)
  const station = new Station(sim, 'holder', sim.host('host', 'a', 1e9), sim.random('draws'), 1)
  for (let i = 0; i < pending; i++) sim.after(draw(station.stream, 1000 * UNIT), station, hold, i)
  sim.run(1e15, true, count)
  return { events: sim.events, check: (sim.now / (1000 * UNIT)) * pending / count }
}

/** One partition of one stage: where its records go next, null after the last stage. */
class Stage extends Station {
  constructor(sim, name, host, plant, after) {
    super(sim, name, host, plant.stream, 4)
    this.plant = plant
    this.after = after
  }

  take(sim, record) {
    if (this.idle > 0) {
      this.idle--
      sim.after(draw(this.stream, UNIT), this, served, record)
    } else this.wait(record)
  }
}

/** Makes the records and measures them at the end. */
class Plant extends Process {
  constructor(sim, name, host, count) {
    super(sim, name, host)
    this.stream = sim.random('draws')
    this.born = new Float64Array(count)
    this.made = 0
    this.sum = 0
    this.histogram = new Uint32Array(4096)
    let after = null
    for (let stage = 2; stage >= 0; stage--) {
      const next = after
      after = Array.from({ length: 12 }, (_, i) =>
        new Stage(sim, `stage-${stage}-${i}`, host, this, next === null ? null : next[(i + 5) % 12]))
    }
    this.first = after
  }

  left(sim, record) {
    const time = sim.now - this.born[record]
    this.sum += time
    this.histogram[Math.min(4095, Math.floor(time * (64 / UNIT)))]++
  }
}

const served = eventKind('bench.w3-served', (sim, stage, record) => {
  if (stage.length > 0) sim.after(draw(stage.stream, UNIT), stage, served, stage.next())
  else stage.idle++
  if (stage.after !== null) stage.after.take(sim, record)
  else stage.plant.left(sim, record)
})
const birth = eventKind('bench.w3-birth', (sim, plant) => {
  const record = plant.made++
  plant.born[record] = sim.now
  if (plant.made < plant.born.length) sim.after(draw(plant.stream, UNIT / 38.4), plant, birth, 0)
  plant.first[plant.stream.below(12)].take(sim, record)
})

/** Three stages in tandem, 12 partitions with own queue and 4 servers each, load 0.8: four events a record. */
export function W3(count, seed) {
  const sim = new Sim(`w3/${seed}`)
  const plant = new Plant(sim, 'plant', sim.host('host', 'a', 1e9), count)
  sim.after(draw(plant.stream, UNIT / 38.4), plant, birth, 0)
  sim.run(1e15, true, Infinity)
  return { events: sim.events, check: plant.sum / count / UNIT }
}
