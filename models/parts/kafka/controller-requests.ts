/**
 * Models: what brokers ask the active controller: registration, heartbeats, changes of in-sync sets, and the metadata
 *   log. A controller that is not active says so.
 * Source: Kafka 4.2 `ClusterControlManager#registerBroker`, `BrokerHeartbeatManager#calculateNextBrokerState`,
 *   `ReplicationControlManager#alterPartition`.
 * Leaves out: request threads of controllers.
 */
import { eventKind, type Sim } from '../../../src/kernel/index.ts'
import type { Controller } from './controller.ts'
import { brokerRegistered, brokerUnfenced } from './facts.ts'
import {
  BrokerRecord, type AlterPartitionRequest, type HeartbeatRequest, type InternalError, type IsrProposal,
  type MetadataFetchRequest, type PartitionRecord, type RegistrationRequest,
} from './protocol-internal.ts'
import type { BrokerState } from './quorum.ts'

function register(sim: Sim, controller: Controller, request: RegistrationRequest): void {
  const { quorum } = controller
  const state = quorum.brokers[request.broker] as BrokerState
  let error: InternalError = 'NONE'
  if (!controller.isActive()) error = 'NOT_CONTROLLER'
  else if (
    !state.hasLeft && state.incarnation !== request.incarnation &&
    sim.now - state.lastContact < controller.cluster.config.sessionTimeout
  ) error = 'DUPLICATE_BROKER_REGISTRATION'
  // The same incarnation asks again when an answer was late: it is registered.
  if (error === 'NONE' && state.incarnation !== request.incarnation) {
    const isClean = request.previousEpoch === state.record.epoch
    state.incarnation = request.incarnation
    state.lastContact = sim.now
    state.hasLeft = false
    state.shutDownOffset = Infinity
    state.metadataOffset = 0
    const epoch = quorum.nextBrokerEpoch++
    controller.decideBroker(sim, new BrokerRecord(request.broker, epoch, true, false))
    controller.removeFromPartitions(sim, request.broker, !isClean)
    sim.fact(brokerRegistered, request.client, epoch)
  }
  const { epoch } = state.record
  controller.answer(sim, request.connection, request.onAnswer, { request, error, epoch, active: quorum.active })
}

function heartbeat(sim: Sim, controller: Controller, request: HeartbeatRequest): void {
  const { quorum } = controller
  const state = quorum.brokers[request.broker] as BrokerState
  let error: InternalError = 'NONE'
  let shouldShutDown = false
  if (!controller.isActive()) error = 'NOT_CONTROLLER'
  else if (request.epoch !== state.record.epoch) error = 'STALE_BROKER_EPOCH'
  else {
    state.lastContact = sim.now
    state.metadataOffset = request.metadataOffset
    shouldShutDown = nextState(sim, controller, state, request)
  }
  controller.answer(sim, request.connection, request.onAnswer, {
    request, error, isFenced: state.record.isFenced, shouldShutDown, active: quorum.active,
  })
}

/** What a heartbeat changes; true when a leaving broker may stop. */
function nextState(sim: Sim, controller: Controller, state: BrokerState, request: HeartbeatRequest): boolean {
  const { quorum } = controller
  const { broker, epoch, isFenced, isShuttingDown } = state.record
  if (isFenced) {
    if (request.wantsShutDown) return leave(state)
    if (!request.wantsFence && request.metadataOffset >= registeredAt(controller, state)) {
      controller.decideBroker(sim, new BrokerRecord(broker, epoch, false, false))
      controller.electLeaderless(sim)
      sim.fact(brokerUnfenced, request.client)
    }
    return false
  }
  if (request.wantsShutDown && !isShuttingDown) {
    controller.decideBroker(sim, new BrokerRecord(broker, epoch, false, true))
    controller.removeFromPartitions(sim, broker, false)
    state.shutDownOffset = quorum.log.length + quorum.pending.length
    return false
  }
  if (!isShuttingDown || quorum.partitions.some((partition) => partition.leader === broker)) return false
  const isSeen = quorum.brokers.every((other) => other.record.isFenced || other.metadataOffset >= state.shutDownOffset)
  if (!isSeen) return false
  controller.decideBroker(sim, new BrokerRecord(broker, epoch, true, true))
  return leave(state)
}

function leave(state: BrokerState): boolean {
  state.hasLeft = true
  return true
}

/** A broker is caught up when it has seen its own registration. */
function registeredAt(controller: Controller, state: BrokerState): number {
  const { log, pending } = controller.quorum
  for (let i = log.length - 1; i >= 0; i--) {
    const record = log[i]
    if (record instanceof BrokerRecord && record.broker === state.broker && record.epoch === state.record.epoch && record.isFenced) return i + 1
  }
  return pending.length > 0 ? Infinity : 0
}

function alterPartition(sim: Sim, controller: Controller, request: AlterPartitionRequest): void {
  const { quorum } = controller
  const errors: InternalError[] = []
  const records: PartitionRecord[] = []
  const state = quorum.brokers[request.broker] as BrokerState
  let error: InternalError = 'NONE'
  if (!controller.isActive()) error = 'NOT_CONTROLLER'
  else if (state.record.epoch !== request.brokerEpoch) error = 'STALE_BROKER_EPOCH'
  else {
    for (const proposal of request.proposals) {
      const found = check(controller, request.broker, proposal)
      errors.push(found)
      if (found !== 'NONE') continue
      controller.decidePartition(sim, proposal.partition, proposal.isr, -1, false)
      records.push(quorum.partitions[proposal.partition] as PartitionRecord)
    }
  }
  controller.answer(sim, request.connection, request.onAnswer, { request, error, errors, records, active: quorum.active })
}

function check(controller: Controller, leader: number, proposal: IsrProposal): InternalError {
  const now = controller.quorum.partitions[proposal.partition] as PartitionRecord
  if (now.leader !== leader || proposal.leaderEpoch !== now.leaderEpoch) return 'FENCED_LEADER_EPOCH'
  if (proposal.partitionEpoch !== now.partitionEpoch) return 'INVALID_UPDATE_VERSION'
  for (const member of proposal.isr) {
    const { record } = controller.quorum.brokers[member] as BrokerState
    if (record.isFenced || record.isShuttingDown) return 'INELIGIBLE_REPLICA'
  }
  return 'NONE'
}

export const registrationRequest = eventKind<Controller, RegistrationRequest>('kafka.register-broker', register)
export const heartbeatRequest = eventKind<Controller, HeartbeatRequest>('kafka.broker-heartbeat', heartbeat)
export const alterPartitionRequest = eventKind<Controller, AlterPartitionRequest>('kafka.alter-partition', alterPartition)
export const metadataFetchRequest = eventKind<Controller, MetadataFetchRequest>('kafka.fetch-metadata', (sim, controller, request) => {
  controller.metadataFetch(sim, request)
})
