// Types of the one generator that we use; the published types cover only the package's main entry.
declare module 'seedrandom/lib/alea.js' {
  interface AleaState {
    c: number
    s0: number
    s1: number
    s2: number
  }
  interface AleaGenerator {
    (): number
    int32(): number
    state(): AleaState
  }
  const alea: (seed: string, options: { state: true | AleaState }) => AleaGenerator
  export default alea
}
