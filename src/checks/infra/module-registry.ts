import {readTerraform} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTerraform, placeFor, presence} from '../terraform-resources.ts'
import {attributeTarget} from '../terraform-values.ts'

const expected = 'an Artifact Registry repository with format = DOCKER'

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) => {
    const targets = presence(terraform, {
      types: ['google_artifact_registry_repository'],
      modules: /artifact-registry/,
      expected,
      place: placeFor(terraform, /regist|artifact/, 'infra/modules/registry/main.tf'),
      judge: (resource) => attributeTarget(resource, ['format'], expected, (text) => text.toUpperCase() === 'DOCKER'),
    })
    // A repository for packages beside the one for images does no harm.
    const docker = targets.filter(({verdict}) => verdict === 'held')
    return concludeTerraform(docker.length > 0 ? docker : targets, {pass: 'REGISTRY_MODULE', fail: 'REGISTRY_MODULE_ABSENT'})
  },
})
