/** Words of the panel: story, why, knobs, one record's life. */

export const whyTexts = {
  whatIs: (name: string): string => `What is: ${name}`,
  whatDefinition: 'means',
  whatPopulation: 'counts',
  whatSource: 'seen by',
  whatFidelity: 'trust',
}
