import {expect, test} from 'vitest'
import {readGiven} from '../../src/repo/terraform/given.ts'
import {readingOf, type Texts} from '../support/repository.ts'

const given = async (texts: Texts) => {
  const {variables, backend, workspaces} = await readingOf(texts).read(readGiven)
  return [
    ...variables.map(({name, file, line}) => `${file}:${line} ${name}`),
    ...backend.map(({name, file, line}) => `${file}:${line} backend ${name ?? 'file'}`),
    ...workspaces.map(({file, line}) => `${file}:${line} workspace`),
  ]
}
const path = '.github/workflows/x.yml'
const steps = (text: string): string => `on: push\njobs:\n  a:\n    steps:\n${text.replaceAll(/^/gm, '      ')}\n`

test.each<[string, Texts, string[]]>([
  [
    'flags in every form',
    {
      [path]: steps(
        '- run: |\n    terraform plan -var a=1 -var="b=2" -var \'c=3\' \\\n      --var d=$X\n    terraform init -backend-config="bucket=$B" -backend-config env/prod.hcl',
      ),
    },
    [`${path}:6 a`, `${path}:6 b`, `${path}:6 c`, `${path}:6 d`, `${path}:8 backend bucket`, `${path}:8 backend file`],
  ],
  [
    'variables of the workflow, the job, the step, the shell and the command',
    {
      [path]:
        'on: push\nenv: {TF_VAR_a: 1}\njobs:\n  a:\n    env:\n      TF_VAR_b: 1\n    steps:\n      - env: {TF_VAR_c: 1, TF_CLI_ARGS_plan: "-var d=1"}\n        run: |\n          export TF_VAR_e=1\n          TF_VAR_f=1 terraform plan\n',
    },
    [`${path}:11 f`, `${path}:8 e`, `${path}:2 a`, `${path}:6 b`, `${path}:8 c`, `${path}:8 d`],
  ],
  ['what is only said', {[path]: steps('# -var a=1\n- run: true # terraform plan -var b=1\n- name: terraform -var c=1\n  run: true')}, []],
  ['what an image is built with', {[path]: steps('- run: packer build -var a=1 x.pkr.hcl')}, []],
  [
    'a script and a Makefile that are called',
    {[path]: steps('- run: make plan'), Makefile: 'V = a=1\nplan:\n\tterraform plan -var $(V)\n'},
    ['Makefile:3 a'],
  ],
  [
    'a script that nothing calls',
    {'tf.sh': 'terraform plan -var a=1\nterraform workspace select prod\n'},
    ['tf.sh:1 a', 'tf.sh:2 workspace'],
  ],
  [
    'what one step exports for the next',
    {[path]: steps('- run: echo "TF_VAR_a=1" >> "$GITHUB_ENV"\n- run: terraform plan')},
    [`${path}:6 a`],
  ],
  ['arguments in a variable', {[path]: steps('- run: |\n    ARGS="-var a=1"\n    terraform plan $ARGS')}, [`${path}:7 a`]],
  [
    'a workflow for others to call',
    {[path]: 'on: workflow_call\njobs:\n  a:\n    steps:\n      - run: terraform plan -var a=${{ inputs.a }}\n'},
    [`${path}:5 a`],
  ],
  ['a workspace', {[path]: steps('- run: terraform workspace select -or-create prod\n- run: npm run workspace')}, [`${path}:5 workspace`]],
  [
    'an action',
    {
      [path]: steps(
        '- uses: dflook/terraform-plan@v2\n  with:\n    workspace: prod\n    variables: |\n      a = 1\n      b = "x"\n    backend_config: prefix=x',
      ),
    },
    [`${path}:5 a`, `${path}:5 b`, `${path}:5 backend prefix`, `${path}:5 workspace`],
  ],
  [
    'Cloud Build, also as JSON',
    {
      'cloudbuild.yaml': 'steps:\n  - name: hashicorp/terraform\n    args: [plan, -var, "a=1"]\n    env: ["TF_VAR_b=1"]\n',
      'ci/cloudbuild.json': '{"steps": [{"name": "hashicorp/terraform",\n"args": ["plan", "-var=c=1"]}]}',
    },
    ['ci/cloudbuild.json:2 c', 'cloudbuild.yaml:3 a', 'cloudbuild.yaml:2 b'],
  ],
  ['a workflow that is not understood', {[path]: 'jobs:\n  a: [\n# -var z=1\nrun: terraform plan -var a=1\n'}, [`${path}:4 a`]],
  ['GitLab', {'.gitlab-ci.yml': 'plan:\n  script: [terraform plan -var a=1]\n'}, ['.gitlab-ci.yml:2 a']],
])('%s', async (_, texts, expected) => {
  expect(await given(texts)).toEqual(expected)
})
