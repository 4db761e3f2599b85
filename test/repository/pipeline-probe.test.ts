import {test} from 'vitest'
import {findingOf} from './judge-repository.ts'
import {context} from '../checks/judge.ts'
import {texts} from './pipeline-texts.ts'
const ids = ['pipeline/stages','pipeline/separate-jobs','pipeline/terraform-plan-apply','pipeline/migration-step','migrations/migrate-in-pipeline','migrations/tested','pipeline/actions-pinned-sha','pipeline/permissions-minimal','pipeline/concurrency','pipeline/environment-gate','pipeline/persist-credentials','pipeline/timeouts','pipeline/pr-trigger-covers-develop','pipeline/lint-would-pass','pipeline/service-names-match-tf','pipeline/set-env-vars-clobbers','pipeline/deploy-identity','pipeline/immutable-image-ref','pipeline/supply-chain','pipeline/split-identities']
test.each(ids)('%s', async (id) => {
  const item = (await import(/* @vite-ignore */ '/work/main/src/checks/' + id + '.ts')).default
  const f = await findingOf(item, texts, context())
  if (f.status !== 'pass') console.log(id, JSON.stringify(f, null, 1))
})
