import {describe, expect, test} from 'vitest'
import {deploymentsIn} from '../../src/checks/deployments.ts'
import {textOf} from '../../src/repo/workflows/words.ts'
import {readWorkflows} from '../../src/repo/workflows/workflows.ts'
import {readingOf, type Texts} from '../support/repository.ts'
import {release, texts, workflow} from '../repository/pipeline-texts.ts'

const facts = (given: Texts) => readingOf(given).read(readWorkflows)
/** Runs as `event:branch: job(needs) …`. */
const runs = async (given: Texts) =>
  (await facts(given)).runs.map(
    ({event, jobs}) =>
      `${event.name}${event.branch === undefined ? '' : `:${event.branch}`}: ${jobs.map(({id, needs, conditional}) => `${id}${conditional ? '?' : ''}(${needs.join(' ')})`).join(' ')}`,
  )
const path = '.github/workflows/w.yml'

describe('workflows', () => {
  test('a file as it stands', async () => {
    const {workflows} = await facts({
      [path]:
        'name: W\non: [push]\npermissions: read-all\nconcurrency: g\njobs:\n  a:\n    timeout-minutes: 5\n    runs-on: [self-hosted, x]\n    steps:\n      - uses: a/b@v1 # v1.2\n        with: {k: "${{ secrets.S }}"}\n',
    })
    const [one] = workflows
    expect(one).toMatchObject({
      file: path,
      name: 'W',
      triggers: [{name: 'push', branches: [], line: 2}],
      permissions: {all: 'read-all', line: 3},
      concurrency: {group: 'g', line: 4},
      secrets: [{secret: 'S', job: 'a', line: 11}],
      jobs: [
        {
          id: 'a',
          line: 6,
          timeout: {text: '5'},
          runner: ['self-hosted', 'x'],
          steps: [{line: 10, uses: {text: 'a/b@v1', comment: 'v1.2', line: 10}, with: {k: {line: 11}}}],
        },
      ],
    })
  })

  test('events, branches, needs, matrix rows and called workflows', async () => {
    expect(
      await runs({
        [path]: workflow`
          on:
            push: {branches: [main, 'release/**']}
            pull_request:
          jobs:
            test:
              strategy:
                matrix: {part: [api, web], exclude: [{part: web}], include: [{part: docs}]}
              steps: [{run: pytest}]
            deploy:
              needs: test
              if: github.event_name == 'push' && github.ref == 'refs/heads/main'
              uses: ./.github/workflows/d.yml
            after:
              needs: [deploy]
              steps: [{run: echo}]
            maybe:
              if: needs.x.outputs.y == 'true'
              steps: [{run: echo}]
        `,
        '.github/workflows/d.yml':
          'on: workflow_call\njobs:\n  one:\n    steps: [{run: echo}]\n  two:\n    needs: one\n    steps: [{run: echo}]\n',
      }),
    ).toEqual([
      'push:main: test[api]() test[docs]() maybe?() deploy/one(test[api] test[docs]) deploy/two(deploy/one) after(deploy/one deploy/two)',
      'pull_request:main: test[api]() test[docs]() maybe?()',
    ])
  })

  test('deployments say service, image, variables, branch and environment', async () => {
    const found = deploymentsIn(await facts(texts)).map(({service, image, branch, environment, file, line, verb}) => [
      verb,
      textOf(service ?? []),
      textOf(image ?? []),
      branch,
      textOf(environment ?? []),
      `${file}:${line}`,
    ])
    const registry = 'us-central1-docker.pkg.dev/${{ vars.PROJECT }}/shop'
    expect(found).toEqual(
      ['main', 'develop'].flatMap((branch) => {
        const env = branch === 'main' ? 'prod' : 'staging'
        const environment = branch === 'main' ? 'production' : 'staging'
        return [
          ['update', `shop-${env}-api`, `${registry}/api@\${{ steps.build.outputs.digest }}`, branch, environment, `${release}:62`],
          ['deploy', `shop-${env}-web`, `${registry}/web@\${{ steps.build.outputs.digest }}`, branch, environment, `${release}:63`],
        ]
      }),
    )
  })

  test('variables of a deployment', async () => {
    const read = await facts({
      [path]:
        'on: push\njobs:\n  a:\n    steps:\n      - run: gcloud run deploy s --set-env-vars "ENVIRONMENT=production,A=$B"\n      - run: gcloud run deploy s --update-env-vars ^@^X=1,2@Y=3\n',
    })
    expect(
      deploymentsIn(read)
        .filter(({branch}) => branch === 'main')
        .map(({env, replacesEnv}) => [Object.entries(env).map(([key, word]) => `${key}=${textOf(word)}`), replacesEnv !== undefined]),
    ).toEqual([
      [['ENVIRONMENT=production', 'A=$B'], true],
      [['X=1,2', 'Y=3'], false],
    ])
  })

  test('composite actions and exported variables', async () => {
    const read = await facts({
      [path]:
        'on: push\njobs:\n  a:\n    steps:\n      - run: echo "N=api" >> "$GITHUB_ENV"\n      - uses: ./.github/actions/d\n        with: {who: "${{ env.N }}"}\n      - run: deploy $N\n',
      '.github/actions/d/action.yml':
        'inputs:\n  who: {default: x}\n  mode: {default: fast}\nruns:\n  using: composite\n  steps:\n    - run: make-it ${{ inputs.who }} ${{ inputs.mode }}\n      shell: bash\n',
    })
    const [run] = read.runs
    expect(
      run?.jobs[0]?.steps.flatMap(({commands}) =>
        commands.map(({program, file, line}) => `${file}:${line} ${program.map(textOf).join(' ')}`),
      ),
    ).toEqual([`${path}:5 echo N=api`, '.github/actions/d/action.yml:7 make-it api fast', `${path}:8 deploy api`])
  })

  test('Cloud Build: steps wait for those before them, or for those that they name', async () => {
    expect(
      await runs({
        'deploy/cloudbuild.prod.yaml':
          'steps:\n  - id: a\n    name: gcr.io/cloud-builders/docker\n    args: [build, .]\n  - id: b\n    name: bash\n    script: echo\n    waitFor: ["-"]\n  - name: x\nimages: [gcr.io/p/i]\n',
      }),
    ).toEqual(['build: a() b() step 3(a b) push gcr.io/p/i(a b step 3)'])
  })

  test('Cloud Build: substitutions that the file sets are put in, others and empty ones are not', async () => {
    const {runs: found} = await facts({
      'cloudbuild.yaml':
        "substitutions:\n  _ENV: prod\n  _SERVICE: 'shop-${_ENV}-api'\n  _TAG: ''\noptions: {automapSubstitutions: 'true'}\nsteps:\n  - name: gcr.io/cloud-builders/gcloud\n    dir: deploy/${_ENV}\n    args: [run, deploy, '$_SERVICE', '--image=r/api:${_TAG}', '--project=$PROJECT_ID']\n  - name: bash\n    script: echo $_ENV\n  - name: bash\n    args: [-c, 'echo $$X ${_ENV}']\n",
    })
    const commands = found.flatMap(({jobs}) => jobs.flatMap(({steps}) => steps.flatMap((step) => step.commands)))
    expect(commands.map(({directory, program}) => `[${directory ?? '*'}] ${program.map(textOf).join(' ')}`)).toEqual([
      '[deploy/prod] gcloud run deploy shop-prod-api --image=r/api:${_TAG} --project=$PROJECT_ID',
      '[] echo prod',
      '[] echo $X prod',
    ])
  })

  test('branches that only expressions and shells speak of are worked out, and the rest is like any other', async () => {
    const {branches, runs: found} = await facts({
      [path]:
        'on: push\njobs:\n  a:\n    env: {E: "${{ github.ref_name == \'live\' && \'p\' || \'s\' }}"}\n    steps:\n      - run: |\n          if [ "$GITHUB_REF_NAME" = "next" ]; then X=1; fi\n          echo $E\n',
    })
    expect(branches).toEqual(['live', 'next'])
    expect(
      found.map(({event, jobs}) => [event.branch, jobs[0]?.steps[0]?.commands.map(({words}) => words.map(textOf).join(' ')).at(-1)]),
    ).toEqual([
      ['live', 'echo p'],
      ['next', 'echo s'],
      ['some/other-branch', 'echo s'],
    ])
    expect(found[1]?.jobs[0]?.steps[0]?.sets).toEqual({X: [{literal: '1'}]})
  })

  test('what cannot be read is said with its line', async () => {
    const read = await facts({
      [path]: 'on: push\njobs:\n  a: [\n',
      '.github/workflows/x.yml': 'name: none\n',
      '.github/workflows/y.yml': 'on: push\njobs:\n  a:\n    steps:\n      - run: |\n          ok\n          if then ((\n',
    })
    expect(read.unread.map(({file, line}) => `${file.slice(18)}:${line}`)).toEqual(['w.yml:4', 'x.yml:1', 'y.yml:6'])
  })
})
