// Messages, jobs, timers and keyframes of the kernel through its public door: nanoseconds a piece of work.
import { Copyable, copyGraph, eventKind, Process, Server, Sim, Timer } from 'faultline/kernel'

class Node extends Process {
  constructor(sim, name, host) {
    super(sim, name, host)
    this.line = null
    this.left = 0
    this.server = new Server(this, 4)
    this.timers = []
  }
}

function pair(seed) {
  const sim = new Sim(seed)
  const a = new Node(sim, 'a', sim.host('host-a', 'a', 1.25e9))
  const b = new Node(sim, 'b', sim.host('host-b', 'b', 1.25e9))
  return { sim, a, b }
}

const hop = eventKind('bench.hop', (sim, node) => {
  sim.after(1000 + ((node.left = (node.left * 5 + 1) & 65535) * 31), node, hop, null)
})

/** Bare events, 100 pending: the measure of the others. */
export function hold(count) {
  const { sim, a } = pair('hold')
  for (let i = 0; i < 100; i++) hop.handler(sim, a)
  sim.run(1e15, true, count)
}

const opened = eventKind('bench.opened', (_sim, node, connection) => {
  node.line = connection
})
const closed = eventKind('bench.closed', (_sim, node) => {
  node.line = null
})
const answer = eventKind('bench.answer', (sim, node) => {
  if (node.left-- > 0) node.line.send(sim, node, request, node, 100)
})
const request = eventKind('bench.request', (sim, node, from) => {
  from.line.send(sim, node, answer, null, 1000)
})

/** Requests and answers over one connection, 64 requests out at any time. */
export function message(count) {
  const { sim, a, b } = pair('message')
  sim.network.connect(sim, a, b, opened, closed)
  sim.run(1e9, true, 100)
  a.left = count >> 1
  for (let i = 0; i < 64; i++) answer.handler(sim, a, null)
  sim.run(1e15, true, Infinity)
}

const done = eventKind('bench.done', (sim, node) => {
  if (node.left-- > 0) node.server.submit(sim, 1000 + (node.left & 1023), node, done, null)
})

/** Jobs through a server of width 4 with 16 of them queued. */
export function job(count) {
  const { sim, a } = pair('job')
  a.left = count
  for (let i = 0; i < 16; i++) done.handler(sim, a, null)
  sim.run(1e15, true, Infinity)
}

const timeOut = eventKind('bench.time-out', () => undefined)
const tick = eventKind('bench.tick', (sim, node) => {
  node.timers[node.left & 63].set(sim, sim.now + 1e6)
  if (node.left-- > 0) sim.after(1000, node, tick, null)
})

/** Time-outs that are moved on a thousand times faster than they would fire, with the ticks that move them. */
export function timer(count) {
  const { sim, a } = pair('timer')
  for (let i = 0; i < 64; i++) a.timers.push(new Timer(a, timeOut, null))
  a.left = count
  sim.after(1000, a, tick, null)
  sim.run(1e15, true, Infinity)
}

class Item extends Copyable {
  constructor(at, next) {
    super()
    this.at = at
    this.bytes = 100
    this.lane = 3
    this.next = next
    this.isOpen = false
    this.times = 1.5
  }
}

/** The copy of 50 000 objects of six fields: nanoseconds an object. */
export function copied(count) {
  const lists = []
  for (let i = 0; i < 50; i++) {
    let head = null
    for (let j = 0; j < 1000; j++) head = new Item(i * j, head)
    lists.push(head)
  }
  const root = { lists }
  for (let i = 0; i < count; i += 50_000) copyGraph(root)
}
