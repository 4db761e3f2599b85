// docs/checklist.md: the whole checklist as one page, from what the tool itself reads.

/** @typedef {import('../src/checklist/schema.ts').Checklist} Checklist */
/** @typedef {import('../src/checklist/schema.ts').ChecklistItem} Item */

/**
 * @param {Checklist} checklist
 * @param {ReadonlySet<string>} built ids of the items that have code
 */
export const checklistPage = ({steps, phases, codes, items}, built) => {
  const groups = [
    ...steps.map((step) => ({...step, head: `Step ${step.number}: ${step.title}`, part: 1})),
    ...phases.map((phase) => ({...phase, head: `Phase ${phase.letter}: ${phase.title}`, part: 2})),
  ]
  const of = ({id}) => items.filter((item) => item.step === id)
  const builtIn = (some) => some.filter(({id}) => built.has(id)).length
  const row = (group) =>
    `| [${group.head}](#${anchor(heading(group))}) | \`${group.id}\` | ${of(group).length} | ${builtIn(of(group)) || '–'} |`
  const overview = (part) => [
    '| | name | items | built |',
    '|---|---|---:|---:|',
    ...groups.filter((group) => group.part === part).map(row),
  ]

  return lines(
    '<!-- Written by `npm run docs` from checklist.yaml and src/checks. Edit those, not this. -->',
    '# The checklist',
    `${items.length} things that must be true, ${builtIn(items)} of which qlogic verifies today. PART 1 is the Google Cloud project, PART 2 the app repository.`,
    'An item that is not built yet is reported as `not_applicable` with the code `NOT_BUILT_YET` and counted apart: nobody has judged it.',
    'Words in braces such as `{projectId}` are parameters of qlogic.yaml; `qlogic explain ITEM` shows one item, and `qlogic verify --json` the commands with your own values in them.',
    '## PART 1',
    overview(1).join('\n'),
    '## PART 2',
    overview(2).join('\n'),
    '## Answers that every item can give',
    answers(codes),
    ...groups.flatMap((group) => [
      `## ${heading(group)}`,
      text(group.why),
      group.part === 1 ? `Cost: ${text(group.cost)}` : `Priority ${group.priority}.`,
      ...of(group).flatMap((item) => itemBlock(item, built.has(item.id))),
    ]),
  )
}

const heading = ({head, id}) => `${head} (${id})`

/** @param {Item} item */
const itemBlock = (item, isBuilt) => [
  `### ${item.id}`,
  `**${text(item.title)}**`,
  [
    `- ${item.severity}; ${item.source === 'plan' ? `from the plan: ${text(item.plan ?? '')}` : 'hardening beyond the plan'}; ${modes[item.mode]}; ${isBuilt ? 'built' : 'not built yet'}`,
    `- cost: ${text(item.cost)}`,
    ...list('needs', item.needs, link),
    ...list(
      'is applied after',
      item.after.filter((id) => !item.needs.includes(id)),
      link,
    ),
    ...list('permissions to read', item.permissions.observe, code),
    ...list('permissions to apply', item.permissions.apply, code),
    ...list('controls', item.controls, ({benchmark, version, id}) => text(`${benchmark} ${version}: ${id}`)),
    `- more: <${item.docs}>`,
  ].join('\n'),
  `Why: ${text(item.why)}`,
  `How it is checked: ${text(item.check)}`,
  ...(item.gcloud.length + (item.byHand ?? '').length > 0 ? [`By hand: ${text(item.byHand ?? 'with these commands.')}`] : []),
  ...(item.gcloud.length > 0 ? [['```sh', ...item.gcloud, '```'].join('\n')] : []),
  ...(Object.keys(item.codes).length > 0 ? ['Answers:', answers(item.codes)] : []),
]

const modes = {
  auto: 'set up by qlogic',
  assisted: 'set up by qlogic in part',
  manual: 'for a person',
  decision: 'a decision, written in qlogic.yaml',
  scaffold: 'emitted as a file',
  patch: 'a patch to the app',
}

/** @param {Checklist['codes']} codes */
const answers = (codes) =>
  Object.entries(codes)
    .map(([name, entry]) => {
      const {says, hint} = typeof entry === 'string' ? {says: entry} : entry
      return `- \`${name}\`: ${text(says)}${hint === undefined ? '' : ` → ${text(hint)}`}`
    })
    .join('\n')

const list = (name, entries, show) => (entries.length === 0 ? [] : [`- ${name}: ${entries.map(show).join(', ')}`])
const code = (word) => `\`${word}\``
const link = (id) => `[${id}](#${anchor(id)})`

/** As GitHub makes it from a heading. */
const anchor = (head) =>
  head
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

/** Prose as Markdown: what Markdown would take for its own is escaped, except between backticks. */
const text = (prose) =>
  prose
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(/[\\<*_[\]]/g, String.raw`\$&`)))
    .join('')

const lines = (...blocks) => `${blocks.join('\n\n')}\n`
