// The walls between the rooms of src/ (README, "Rooms"), and no circles.
const wall = (name, from, to, comment) => ({name, severity: 'error', comment, from: {path: from}, to: {path: to}})

module.exports = {
  forbidden: [
    {name: 'no-circles', severity: 'error', from: {}, to: {circular: true, viaOnly: {dependencyTypesNot: ['type-only']}}},
    wall(
      'engine-is-pure',
      '^src/engine/',
      '^src/(gcp|repo|checks|changes|terminal|reporters|records|config|checklist|sandbox|commands)/|^node:fs|@oclif',
      'tested with three-line fakes',
    ),
    wall(
      'checks-are-pure',
      '^src/checks/',
      '^src/(terminal|reporters|records|sandbox|commands|checklist)/|^(node:)?fs|@google-cloud',
      'an item is judged by literals in a table',
    ),
    {
      name: 'checks-apart',
      severity: 'error',
      from: {path: '^src/checks/([^/]+)/([^/]+)\\.ts$'},
      to: {path: '^src/checks/[^/]+/', pathNot: '^src/checks/$1/$2\\.ts$'},
    },
    wall('gcp-not-sandbox', '^src/gcp/', '^src/(sandbox|checks|terminal|reporters|commands|records)/'),
    wall(
      'sandbox-alone',
      '^src/sandbox/',
      '^src/(?!sandbox/|errors\\.ts)',
      'qlogic and the simulator are each other’s test: a wrong shared name would be right in both',
    ),
    wall(
      'repo-gives-facts',
      '^src/repo/',
      '^src/(gcp|checks|changes|terminal|reporters|records|config|sandbox|commands)/',
      'a reader says what stands there, and judges nothing',
    ),
    wall('reporters-take-values', '^src/reporters/', '^src/(gcp|repo|records|commands|terminal)/'),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: {fileName: 'tsconfig.json'},
    doNotFollow: {path: 'node_modules'},
    exclude: {path: '^src/templates/'},
  },
}
