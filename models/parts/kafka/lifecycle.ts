/**
 * Models: a broker's dealings with the controller: registration (refused while its old session is alive), heartbeats,
 *   fetches of the metadata log, readiness, controlled shutdown; it finds the active controller by asking.
 * Source: Kafka 4.2 `BrokerLifecycleManager`, `NodeToControllerChannelManager`; row K-b of test/measurements for start-up times.
 * Leaves out: recovery time does not depend on the amount of log.
 */
import { Copyable, endUnit, eventKind, startProcess, Timer, type Connection, type Death, type EventKind, type Process, type Sim, type Stream, type Unit } from '../../../src/kernel/index.ts'
import type { Broker } from './broker.ts'
import { BrokerMetadata } from './broker-metadata.ts'
import type { Controller } from './controller.ts'
import { heartbeatRequest, metadataFetchRequest, registrationRequest } from './controller-requests.ts'
import { brokerShutDown, controllerSilent } from './facts.ts'
import { MetadataLoader } from './metadata-loader.ts'
import type { HeartbeatAnswer, InternalError, MetadataFetchAnswer, RegistrationAnswer } from './protocol-internal.ts'
import { settle } from './settle.ts'

const RETRY_FIRST = 100e6
const STARTING = 0
const REGISTERING = 1
const RUNNING = 2

/** The state of a broker's membership; all of it but the previous epoch dies with the process. */
export class BrokerLifecycle extends Copyable {
  private readonly broker: Broker
  /** Broker epoch of the present registration. */
  epoch = -1
  /** Epoch written at a clean shutdown, read at the next start; -1 after any other end. */
  private cleanEpoch = -1
  connection: Connection | null = null
  private metadataLink: Connection | null = null
  private target = 0
  private state = STARTING
  private isReady = false
  private isLeaving = false
  /** Whether a controlled shutdown restarts the process, and after how long. */
  private restartDelay = 0
  private askedAt = -1
  readonly loader: MetadataLoader
  private retry = RETRY_FIRST
  private readonly stream: Stream
  private readonly beatTimer: Timer<Broker, null>
  private readonly readyTimer: Timer<Broker, null>
  private readonly retryTimer: Timer<Broker, null>
  private readonly metadataTimer: Timer<Broker, null>

  constructor(sim: Sim, broker: Broker) {
    super()
    this.broker = broker
    this.stream = sim.random(`kafka/${broker.name}/start`)
    this.loader = new MetadataLoader(sim, broker)
    this.beatTimer = new Timer<Broker, null>(broker, beatDue, null)
    this.readyTimer = new Timer<Broker, null>(broker, readyDue, null)
    this.retryTimer = new Timer<Broker, null>(broker, retryDue, null)
    this.metadataTimer = new Timer<Broker, null>(broker, metadataSilent, null)
  }

  /** The run begins with a broker that has been up for long; its heartbeats have a random phase. */
  begin(sim: Sim, epoch: number): void {
    const { heartbeatInterval } = this.broker.cluster.config
    this.epoch = epoch
    this.state = RUNNING
    this.isReady = true
    this.loader.begin()
    this.target = this.broker.cluster.quorum.active
    this.connect(sim)
    this.fetchMetadata(sim)
    this.beatTimer.set(sim, sim.now + Math.floor(this.stream.uniform() * heartbeatInterval))
    this.broker.isrTimer.set(sim, sim.now + Math.floor(this.stream.uniform() * this.broker.cluster.config.lagTimeMax / 2))
  }

  /** The process has been started: it reads its configuration and its logs, then registers. */
  start(sim: Sim): void {
    const { startShortest, startLongest } = this.broker.cluster.config
    this.broker.metadata = new BrokerMetadata(this.broker.cluster.partitionCount)
    this.state = STARTING
    this.retryTimer.set(sim, sim.now + startShortest + Math.floor(this.stream.uniform() * Math.max(0, startLongest - startShortest)))
  }

  private connect(sim: Sim): Connection {
    if (this.connection?.isUsableBy(this.broker) === true) return this.connection
    const controller = this.broker.cluster.controllers[this.target] as Controller
    this.connection = sim.network.connect(sim, this.broker, controller, controllerOpened, controllerClosed)
    return this.connection
  }

  /** The retry timer came: register, or go on with whatever the lost connection left open. */
  again(sim: Sim): void {
    if (this.state === RUNNING) {
      this.connect(sim)
      if (this.askedAt < 0) this.beat(sim)
      if (this.metadataLink === null) this.fetchMetadata(sim)
      this.broker.isr.send(sim)
      return
    }
    this.state = REGISTERING
    const connection = this.connect(sim)
    const { sessionTimeout } = this.broker.cluster.config
    connection.send(sim, this.broker, registrationRequest, {
      connection, client: this.broker, onAnswer: registered as EventKind<Unit, RegistrationAnswer>, broker: this.broker.number,
      incarnation: this.broker.incarnation, previousEpoch: this.cleanEpoch,
    }, 200)
    this.retryTimer.set(sim, sim.now + Math.floor(sessionTimeout / 2))
  }

  registered(sim: Sim, answer: RegistrationAnswer): void {
    if (this.state !== REGISTERING) return
    if (answer.error !== 'NONE') {
      if (answer.error === 'NOT_CONTROLLER') this.redirect(sim, answer.active)
      this.retryTimer.set(sim, sim.now + this.retry)
      this.retry = Math.min(2 * this.retry, Math.floor(this.broker.cluster.config.sessionTimeout / 2))
      return
    }
    const { recoveryShortest, recoveryLongest, lagTimeMax } = this.broker.cluster.config
    this.retryTimer.stop()
    this.retry = RETRY_FIRST
    this.state = RUNNING
    this.epoch = answer.epoch
    this.cleanEpoch = -1
    this.fetchMetadata(sim)
    this.beat(sim)
    this.readyTimer.set(sim, sim.now + recoveryShortest + Math.floor(this.stream.uniform() * Math.max(0, recoveryLongest - recoveryShortest)))
    this.broker.isrTimer.set(sim, sim.now + Math.floor(lagTimeMax / 2))
  }

  /** Logs are recovered: the next heartbeat, sent at once, asks to be unfenced. */
  ready(sim: Sim): void {
    this.isReady = true
    this.beat(sim)
  }

  /** Sends a heartbeat; an unanswered one is waited for, up to half a session. */
  beat(sim: Sim): void {
    const broker = this.broker
    const { sessionTimeout, heartbeatInterval } = broker.cluster.config
    if (this.askedAt >= 0) {
      const limit = this.askedAt + Math.floor(sessionTimeout / 2)
      if (sim.now < limit) this.beatTimer.set(sim, limit)
      else this.disconnect(sim)
      return
    }
    const connection = this.connect(sim)
    this.askedAt = sim.now
    connection.send(sim, broker, heartbeatRequest, {
      connection, client: broker, onAnswer: beaten as EventKind<Unit, HeartbeatAnswer>, broker: broker.number, epoch: this.epoch,
      metadataOffset: this.loader.applied, wantsFence: !this.isReady, wantsShutDown: this.isLeaving,
    }, 100)
    this.beatTimer.set(sim, sim.now + Math.max(heartbeatInterval, Math.floor(sessionTimeout / 2)))
  }

  beaten(sim: Sim, answer: HeartbeatAnswer): void {
    if (answer.request.connection !== this.connection) return
    this.askedAt = -1
    if (answer.error === 'NONE' && answer.shouldShutDown) {
      this.stop(sim)
      return
    }
    // While it leaves, or waits to be unfenced, the next heartbeat follows sooner.
    const isHurried = this.isLeaving || (this.isReady && answer.isFenced)
    this.beatTimer.set(sim, sim.now + (isHurried ? LEAVING_BEAT : this.broker.cluster.config.heartbeatInterval))
    this.heard(sim, answer.active, answer.error)
  }

  /** A controller answered anything: if it is not the active one, the next is asked. */
  heard(sim: Sim, active: number, error: InternalError): void {
    if (error === 'NOT_CONTROLLER') this.redirect(sim, active)
  }

  private redirect(sim: Sim, active: number): void {
    const count = this.broker.cluster.controllers.length
    const next = active >= 0 && active !== this.target ? active : (this.target + 1) % count
    this.disconnect(sim)
    this.target = next
  }

  /** The control connection is gone or given up; what was asked on it is asked again after a pause. */
  disconnect(sim: Sim): void {
    if (this.connection !== null) this.connection.close(sim, this.broker)
    this.connection = null
    this.askedAt = -1
    this.broker.isr.disconnected()
    this.target = (this.target + 1) % this.broker.cluster.controllers.length
    this.retryTimer.setEarlier(sim, sim.now + RETRY_FIRST)
  }

  closed(sim: Sim, connection: Connection): void {
    if (connection === this.connection) this.disconnect(sim)
    else if (connection === this.metadataLink) this.metadataLost(sim)
  }

  private fetchMetadata(sim: Sim): void {
    const broker = this.broker
    let link = this.metadataLink
    if (link === null || !link.isUsableBy(broker)) {
      link = sim.network.connect(sim, broker, broker.cluster.controllers[this.target] as Controller, controllerOpened, controllerClosed)
      this.metadataLink = link
    }
    link.send(sim, broker, metadataFetchRequest, {
      connection: link, client: broker, onAnswer: metadataCame as EventKind<Unit, MetadataFetchAnswer>, broker: broker.number,
      offset: this.loader.received,
    }, 100)
    this.metadataTimer.set(sim, sim.now + broker.cluster.config.quorumFetchTimeout)
  }

  /** No answer for controller.quorum.fetch.timeout.ms, or a reset: another controller is asked. */
  metadataLost(sim: Sim, isSilent = false): void {
    if (isSilent) sim.fact(controllerSilent, this.broker, this.broker.cluster.config.quorumFetchTimeout)
    if (this.metadataLink !== null) this.metadataLink.close(sim, this.broker)
    this.metadataLink = null
    this.metadataTimer.stop()
    if (this.connection === null || !this.connection.isUsableBy(this.broker)) this.target = (this.target + 1) % this.broker.cluster.controllers.length
    this.retryTimer.setEarlier(sim, sim.now + RETRY_FIRST)
  }

  metadataCame(sim: Sim, answer: MetadataFetchAnswer): void {
    if (answer.request.connection !== this.metadataLink) return
    if (answer.error !== 'NONE') {
      if (answer.active >= 0) this.target = answer.active
      this.metadataLost(sim)
      return
    }
    this.loader.take(sim, answer)
    this.fetchMetadata(sim)
  }

  /** News of the cluster has been acted on: a leaving broker asks again whether it may stop. */
  acted(sim: Sim): void {
    if (this.isLeaving && this.askedAt < 0) this.beat(sim)
  }

  /** Asks for a controlled shutdown; the process stops when it leads nothing, and starts again after `delay`. */
  leave(sim: Sim, delay: number): void {
    if (this.isLeaving || this.state !== RUNNING) return
    this.isLeaving = true
    this.restartDelay = delay
    if (this.askedAt < 0) this.beat(sim)
  }

  private stop(sim: Sim): void {
    const { broker } = this
    sim.fact(brokerShutDown, broker)
    const delay = this.restartDelay
    const { epoch } = this
    endUnit(sim, broker, 'closed')
    this.cleanEpoch = epoch
    if (delay !== Infinity) sim.after(delay, sim.platform, restartBroker, broker)
  }

  died(how: Death): void {
    if (how !== 'closed') this.cleanEpoch = -1
    this.connection = null
    this.metadataLink = null
    this.state = STARTING
    this.isReady = false
    this.isLeaving = false
    this.askedAt = -1
    this.loader.clear()
    this.retry = RETRY_FIRST
    this.beatTimer.stop()
    this.readyTimer.stop()
    this.retryTimer.stop()
    this.metadataTimer.stop()
  }
}

const LEAVING_BEAT = 50e6

const registered = eventKind<Broker, RegistrationAnswer>('kafka.broker-registered', (sim, broker, answer) => broker.lifecycle.registered(sim, answer))
const beaten = eventKind<Broker, HeartbeatAnswer>('kafka.broker-heartbeat-answered', (sim, broker, answer) => broker.lifecycle.beaten(sim, answer))
const metadataCame = eventKind<Broker, MetadataFetchAnswer>('kafka.metadata-fetched', (sim, broker, answer) => {
  broker.lifecycle.metadataCame(sim, answer)
  settle(sim, broker)
})
const beatDue = eventKind<Broker, null>('kafka.broker-heartbeat-due', (sim, broker) => broker.lifecycle.beat(sim))
const readyDue = eventKind<Broker, null>('kafka.broker-ready', (sim, broker) => broker.lifecycle.ready(sim))
const retryDue = eventKind<Broker, null>('kafka.controller-retry', (sim, broker) => broker.lifecycle.again(sim))
const metadataSilent = eventKind<Broker, null>('kafka.metadata-silent', (sim, broker) => broker.lifecycle.metadataLost(sim, true))
const controllerOpened = eventKind<Broker, Connection>('kafka.controller-opened', () => {})
const controllerClosed = eventKind<Broker, Connection>('kafka.controller-closed', (sim, broker, connection) => broker.lifecycle.closed(sim, connection))
const restartBroker = eventKind<Process, Broker>('kafka.broker-restart', (sim, _platform, broker) => startProcess(sim, broker))
