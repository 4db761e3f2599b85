import {withoutBraces} from '../repo/docker/interpolation.ts'
import type {PythonDependencies, PythonDependency} from '../repo/packages/python-dependencies.ts'
import type {TestClients} from '../repo/python/test-clients.ts'
import type {DeployedImage} from './deployed-images.ts'
import {installsOf, isDevelopmentPackage} from './image-installs.ts'
import {held, missed, undecided, type Target} from './targets.ts'

/** Libraries that bring httpx along, and are then the reason why it is pinned. */
const needsHttpx =
  /^(?:openai|anthropic|authlib|langchain.*|langgraph.*|supabase|gotrue|postgrest|huggingface-hub|mistralai|groq|cohere|ollama|fastapi-sso|httpx-.+|firebase-admin)$/

/** Whether no test or lint packages come into an image; httpx is one where only tests import it. */
export const packageTargets = (image: DeployedImage, {python, clients}: {python: PythonDependencies; clients: TestClients}): Target[] => {
  const isForTests = (one: PythonDependency, all: readonly PythonDependency[]) =>
    isDevelopmentPackage(one) ||
    (one.name === 'httpx' && clients.inTests && !clients.inCode && !all.some(({name}) => needsHttpx.test(name)))
  const expected = 'no test or lint packages in the image'
  const installs = installsOf(image, python)
  const at = {file: image.dockerfile.file, line: image.stage.line}
  if (installs.length === 0) return [undecided(at, expected, 'how the packages come into the image was not found')]
  return installs.flatMap((install) => {
    const wrong = install.packages.filter((one) => isForTests(one, install.packages))
    if (wrong.length > 0) return wrong.map((one) => missed(one, expected, `${one.name}, by ${install.text}`))
    return [
      install.unknown === undefined ? held(install, expected, install.text) : undecided(install, expected, withoutBraces(install.unknown)),
    ]
  })
}
