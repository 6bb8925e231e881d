/** The rules of an interview: what the asked questions reveal, and which architectures that makes valid. Pure. */
import type { ArchitectureOption, ClarifyingQuestion, ScenarioCard } from '../../src/host/api.ts'

/** What was learned, in the order of asking. */
export function revealed(card: ScenarioCard, asked: readonly string[]): { readonly constraint: string; readonly value: string }[] {
  return asked.flatMap((id) => card.questions.find((question) => question.id === id)?.reveals ?? [])
}

/** How many questions may still be asked. */
export function questionsLeft(card: ScenarioCard, asked: readonly string[]): number {
  return (card.maxQuestions ?? card.questions.length) - asked.length
}

/** An option is valid when all that justifies it was learned; one that nothing justifies never is. */
export function isValid(option: Pick<ArchitectureOption, 'validWhen'>, known: readonly { readonly constraint: string; readonly value: string }[]): boolean {
  return option.validWhen.length > 0
    && option.validWhen.every((needs) => known.some(({ constraint, value }) => constraint === needs.constraint && value === needs.value))
}

/** Crucial questions that nobody asked. */
export function leftOut(card: ScenarioCard, asked: readonly string[]): ClarifyingQuestion[] {
  return card.questions.filter(({ id, category }) => category === 'crucial' && !asked.includes(id))
}
