/** The scenario files that come with the project, by id; put into each build by Vite. */

const files = import.meta.glob<string>(['../../scenarios/*.md', '../../scenarios/demos/*.md', '!**/README.md'], {
  query: '?raw', import: 'default', eager: true,
})

/** Texts by the file's name without folder and ending, in alphabetical order of the paths. */
export const scenarios: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(files).map(([path, text]) => [(path.split('/').pop() ?? path).replace(/\.md$/, ''), text]),
)
