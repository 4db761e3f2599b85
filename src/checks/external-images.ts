import type {ImageBuild} from '../repo/docker/builds.ts'
import type {ComposeFacts} from '../repo/docker/compose.ts'
import type {DockerfileFacts} from '../repo/docker/dockerfiles.ts'
import {stageCalled} from '../repo/docker/stages.ts'
import {runningServices} from './compose-services.ts'
import {deployedImages} from './deployed-images.ts'

/** An image that others make: `image` is absent where it is only known when it is built or run. */
export type ExternalImage = {file: string; line: number; text: string; image?: string}

type Facts = {docker: DockerfileFacts; builds: {builds: readonly ImageBuild[]}; compose: ComposeFacts}

/** Every image from outside: FROM and COPY --from of the Dockerfiles that are deployed, and images of compose services. */
export const externalImages = (facts: Facts): ExternalImage[] => {
  const dockerfiles = [...new Set(deployedImages(facts).map(({dockerfile}) => dockerfile))]
  const built = dockerfiles.flatMap((dockerfile) =>
    dockerfile.stages.flatMap((stage): ExternalImage[] => {
      const {base, line, text} = stage
      const place = {file: dockerfile.file, text}
      const from: ExternalImage[] = 'image' in base ? [{...place, line, image: base.image}] : 'dynamic' in base ? [{...place, line}] : []
      const copied = stage.instructions.flatMap(({keyword, flags, line: at}) =>
        flags.flatMap(({name, value}): ExternalImage[] => {
          const image =
            name === 'from' && keyword === 'COPY' ? value : name === 'mount' ? /(?:^|,)from=([^,]+)/.exec(value)?.[1] : undefined
          if (image === undefined || stageCalled(dockerfile, image, stage.index) !== undefined || /^\d+$/.test(image)) return []
          return [{file: dockerfile.file, line: at, text: image, ...(!image.includes('$') && {image})}]
        }),
      )
      return [...from.filter(({image}) => image !== 'scratch'), ...copied]
    }),
  )
  const all = facts.compose.projects.flatMap(({services}) => services)
  const own = new Set(all.flatMap(({build, image}) => (build === undefined || image === undefined ? [] : [image.text])))
  const run = runningServices(facts.compose).flatMap(({service: {image, build}}): ExternalImage[] => {
    if (image === undefined || build !== undefined || own.has(image.text)) return []
    return [{file: image.file, line: image.line, text: image.text, ...(image.value !== undefined && {image: image.value})}]
  })
  return [...built, ...run]
}
