import {createHash} from 'node:crypto'
import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, World} from '../api.ts'
import {object, text, texts, unlessEmpty} from '../json.ts'
import {pageOf} from '../pages.ts'
import {badRequest, emptyResponse, findRepository, imageTable, notFound, repositoryName, repositoryTable, startOperation} from './names.ts'

/** An image as it is kept: its package, its digest, and a docker image's fields. */
type Image = JsonObject & {package: string; digest: string; tags: string[]}

const manifest = 'application/vnd.docker.distribution.manifest.v2+json'
const encoded = (name: string) => name.replaceAll('/', '%2F')

const isImage = (row: JsonObject): row is Image =>
  typeof row.package === 'string' && typeof row.digest === 'string' && Array.isArray(row.tags)

/** Images of a repository, those of one package only when it is named; the newest first. */
const imagesIn = (world: World, repository: string, name?: string): Image[] =>
  world
    .table(imageTable)
    .entries()
    .flatMap(([key, row]) => (key.startsWith(`${repository}/`) && isImage(row) ? [row] : []))
    .filter((row) => name === undefined || row.package === name)
    .sort((a, b) => (text(a.uploadTime) > text(b.uploadTime) ? -1 : 1))

const keyOf = (repository: string, {package: name, digest}: Image) => `${repository}/${name}@${digest}`

const save = (world: World, repository: string, image: Image) => {
  world.table(imageTable).set(keyOf(repository, image), image)
}

/** Takes a tag from every image of its package but one: a tag names one image. */
const moveTag = (world: World, repository: string, to: Image, tag: string): void => {
  const updateTime = world.now().toISOString()
  const immutable = object(world.table(repositoryTable).get(repository)?.dockerConfig).immutableTags === true
  for (const image of imagesIn(world, repository, to.package)) {
    if (image.digest === to.digest || !image.tags.includes(tag)) continue
    if (immutable)
      throw new ApiError(
        400,
        'FAILED_PRECONDITION',
        'failedPrecondition',
        `cannot update tag ${tag}. The repository has enabled tag immutability`,
      )
    save(world, repository, {...image, tags: image.tags.filter((other) => other !== tag), updateTime})
  }
  const now = imagesIn(world, repository, to.package).find(({digest}) => digest === to.digest) ?? to
  save(world, repository, {...now, tags: [...new Set([...now.tags, tag])].sort(), updateTime})
}

/**
 * Pushes an image, as `docker push` would, and answers its address.
 * @throws ApiError where the repository is absent, is not Docker's, or does not let a tag move
 */
export const pushImage = (world: World, repository: string, name: string, tag: string): string => {
  const row = world.table(repositoryTable).get(repository)
  if (!row) throw notFound()
  if (row.format !== 'DOCKER') throw badRequest(`the repository has format ${text(row.format)}, not DOCKER`)
  const uploadTime = world.now().toISOString()
  const digest = `sha256:${createHash('sha256').update(`${repository}/${name}:${tag}@${uploadTime}`).digest('hex')}`
  const image: Image = {
    package: name,
    digest,
    tags: [],
    imageSizeBytes: String(48_000_000 + (Number.parseInt(digest.slice(7, 12), 16) % 9_000_000)),
    uploadTime,
    updateTime: uploadTime,
    buildTime: uploadTime,
    mediaType: manifest,
  }
  moveTag(world, repository, image, tag)
  const [, project = '', , location = '', , id = ''] = repository.split('/')
  return `${location}-docker.pkg.dev/${project}/${id}/${name}:${tag}`
}

const dockerImage = (repository: string, {package: name, digest, tags, ...image}: Image): JsonObject => {
  const [, project = '', , location = '', , id = ''] = repository.split('/')
  return {
    name: `${repository}/dockerImages/${encoded(name)}@${digest}`,
    uri: `${location}-docker.pkg.dev/${project.replace(':', '/')}/${id}/${name}@${digest}`,
    ...(tags.length > 0 ? {tags} : {}),
    ...image,
  }
}

/** One page; an empty collection is an absent key. */
const page = (request: Request, key: string, rows: JsonObject[]): JsonObject => {
  const {items, nextPageToken} = pageOf(rows, request.query, {size: 100, largest: 1000})
  return {...unlessEmpty(key, items), ...(nextPageToken === undefined ? {} : {nextPageToken})}
}

const repositoryOf = (request: Request, world: World): string => text(findRepository(request, world).name)

/** `equals(version, "…")` is what gcloud asks of tags; other filters are refused rather than ignored. */
const filtered = (request: Request, rows: JsonObject[]): JsonObject[] => {
  const filter = request.query.get('filter') ?? ''
  if (filter === '') return rows
  const wanted = /^\s*version\s*=\s*"([^"]+)"\s*$/.exec(filter)?.[1]
  if (wanted === undefined) throw badRequest(`invalid filter: ${filter}`)
  return rows.filter((row) => row.version === wanted)
}

const packageName = (repository: string, name: string) => `${repository}/packages/${encoded(name)}`

const packageRow = (repository: string, images: Image[]): JsonObject => ({
  name: packageName(repository, images[0]?.package ?? ''),
  createTime: images.at(-1)?.uploadTime,
  updateTime: images[0]?.updateTime,
})

const versionRow = (repository: string, {package: name, digest, ...image}: Image, full: boolean): JsonObject => {
  const version = `${packageName(repository, name)}/versions/${digest}`
  const tags = image.tags.map((tag) => ({name: `${packageName(repository, name)}/tags/${tag}`, version}))
  const metadata = {
    name: `${repository}/dockerImages/${encoded(name)}@${digest}`,
    imageSizeBytes: image.imageSizeBytes,
    mediaType: image.mediaType,
  }
  return {
    name: version,
    createTime: image.uploadTime,
    updateTime: image.updateTime,
    ...(full ? {...unlessEmpty('relatedTags', tags), metadata} : {}),
  }
}

const imagesOfPackage = (request: Request, world: World): {repository: string; images: Image[]} => {
  const repository = repositoryOf(request, world)
  const images = imagesIn(world, repository, request.params.package)
  if (images.length === 0) throw notFound()
  return {repository, images}
}

const findVersion = (request: Request, world: World): {repository: string; image: Image} => {
  const {repository, images} = imagesOfPackage(request, world)
  const image = images.find(({digest}) => digest === request.params.version)
  if (!image) throw notFound()
  return {repository, image}
}

const tagRow = (repository: string, {package: name, digest}: Image, tag: string): JsonObject => ({
  name: `${packageName(repository, name)}/tags/${tag}`,
  version: `${packageName(repository, name)}/versions/${digest}`,
})

const findTag = (request: Request, world: World): {repository: string; image: Image; tag: string} => {
  const {repository, images} = imagesOfPackage(request, world)
  const tag = request.params.tag ?? ''
  const image = images.find(({tags}) => tags.includes(tag))
  if (!image) throw notFound()
  return {repository, image, tag}
}

const putTag = (request: Request, world: World, tag: string): JsonObject => {
  const {repository, images} = imagesOfPackage(request, world)
  if (!/^[\w][\w.-]{0,127}$/.test(tag)) throw badRequest(`invalid tag "${tag}"`)
  const digest = text(request.body.version).split('/').at(-1)
  const image = images.find((one) => one.digest === digest)
  if (!image) throw notFound()
  moveTag(world, repository, image, tag)
  return tagRow(repository, image, tag)
}

const createTag = (request: Request, world: World): JsonObject => {
  const tag = request.query.get('tagId') ?? ''
  const {images} = imagesOfPackage(request, world)
  if (images.some(({tags}) => tags.includes(tag))) throw new ApiError(409, 'ALREADY_EXISTS', 'alreadyExists', 'the tag already exists')
  return putTag(request, world, tag)
}

const deleteTag = (request: Request, world: World): JsonObject => {
  const {repository, image, tag} = findTag(request, world)
  const immutable = object(world.table(repositoryTable).get(repository)?.dockerConfig).immutableTags === true
  if (immutable)
    throw new ApiError(
      400,
      'FAILED_PRECONDITION',
      'failedPrecondition',
      `cannot delete tag ${tag}. The repository has enabled tag immutability`,
    )
  save(world, repository, {...image, tags: image.tags.filter((other) => other !== tag), updateTime: world.now().toISOString()})
  return {}
}

const deleteVersion = (request: Request, world: World): JsonObject => {
  const {repository, image} = findVersion(request, world)
  if (image.tags.length > 0 && request.query.get('force') !== 'true')
    throw new ApiError(400, 'FAILED_PRECONDITION', 'failedPrecondition', 'cannot delete version because it is tagged')
  return startOperation(request, world, emptyResponse, [{table: imageTable, key: keyOf(repository, image), value: null}])
}

const deletePackage = (request: Request, world: World): JsonObject => {
  const {repository, images} = imagesOfPackage(request, world)
  const writes = images.map((image) => ({table: imageTable, key: keyOf(repository, image), value: null}))
  return startOperation(request, world, emptyResponse, writes)
}

const listImages = (request: Request, world: World): JsonObject => {
  const repository = repositoryOf(request, world)
  if (findRepository(request, world).format !== 'DOCKER') throw badRequest('the repository is not a docker repository')
  return page(
    request,
    'dockerImages',
    imagesIn(world, repository).map((image) => dockerImage(repository, image)),
  )
}

const getImage = (request: Request, world: World): JsonObject => {
  const repository = repositoryOf(request, world)
  const image = imagesIn(world, repository).find(({package: name, digest}) => `${name}@${digest}` === request.params.image)
  if (!image) throw notFound()
  return dockerImage(repository, image)
}

const one = '/v1/projects/{project}/locations/{location}/repositories/{repository}'
const packages = `${one}/packages`
const versions = `${packages}/{package}/versions`
const tags = `${packages}/{package}/tags`
const paging = ['pageSize', 'pageToken']
const id = 'artifactregistry.projects.locations.repositories'
const tagShape = {fields: {name: 'string', version: 'string'}} as const

const on = (
  verb: string,
  method: Route['method'],
  path: string,
  permission: string,
  more: Partial<Route> & Pick<Route, 'handle'>,
): Route => ({
  id: `${id}.${verb}`,
  method,
  path,
  permissions: [`artifactregistry.${permission}`],
  resource: repositoryName,
  ...more,
})

/** What is in a Docker repository: images, and the same as packages, versions and tags. */
export const imageRoutes: Route[] = [
  on('dockerImages.list', 'GET', `${one}/dockerImages`, 'dockerimages.list', {query: [...paging, 'orderBy'], handle: listImages}),
  on('dockerImages.get', 'GET', `${one}/dockerImages/{image+}`, 'dockerimages.get', {handle: getImage}),
  on('packages.list', 'GET', packages, 'packages.list', {
    query: [...paging, 'orderBy', 'filter'],
    handle: (request, world) => {
      const repository = repositoryOf(request, world)
      const groups = Map.groupBy(imagesIn(world, repository), ({package: name}) => name)
      return page(
        request,
        'packages',
        [...groups.values()].map((images) => packageRow(repository, images)),
      )
    },
  }),
  on('packages.get', 'GET', `${packages}/{package}`, 'packages.get', {
    handle: (request, world) => {
      const {repository, images} = imagesOfPackage(request, world)
      return packageRow(repository, images)
    },
  }),
  on('packages.delete', 'DELETE', `${packages}/{package}`, 'packages.delete', {handle: deletePackage}),
  on('packages.versions.list', 'GET', versions, 'versions.list', {
    query: [...paging, 'orderBy', 'view', 'filter'],
    handle: (request, world) => {
      const {repository, images} = imagesOfPackage(request, world)
      const full = request.query.get('view') === 'FULL'
      return page(
        request,
        'versions',
        images.map((image) => versionRow(repository, image, full)),
      )
    },
  }),
  on('packages.versions.get', 'GET', `${versions}/{version+}`, 'versions.get', {
    query: ['view'],
    handle: (request, world) => {
      const {repository, image} = findVersion(request, world)
      return versionRow(repository, image, request.query.get('view') === 'FULL')
    },
  }),
  on('packages.versions.delete', 'DELETE', `${versions}/{version+}`, 'versions.delete', {query: ['force'], handle: deleteVersion}),
  on('packages.tags.list', 'GET', tags, 'tags.list', {
    query: [...paging, 'filter'],
    handle: (request, world) => {
      const {repository, images} = imagesOfPackage(request, world)
      const rows = images.flatMap((image) => texts(image.tags).map((tag) => tagRow(repository, image, tag)))
      return page(request, 'tags', filtered(request, rows))
    },
  }),
  on('packages.tags.get', 'GET', `${tags}/{tag}`, 'tags.get', {
    handle: (request, world) => {
      const {repository, image, tag} = findTag(request, world)
      return tagRow(repository, image, tag)
    },
  }),
  on('packages.tags.create', 'POST', tags, 'tags.create', {body: tagShape, bodyName: 'tag', query: ['tagId'], handle: createTag}),
  on('packages.tags.patch', 'PATCH', `${tags}/{tag}`, 'tags.update', {
    body: tagShape,
    bodyName: 'tag',
    query: ['updateMask'],
    handle: (request, world) => {
      findTag(request, world)
      return putTag(request, world, request.params.tag ?? '')
    },
  }),
  on('packages.tags.delete', 'DELETE', `${tags}/{tag}`, 'tags.delete', {handle: deleteTag}),
]
