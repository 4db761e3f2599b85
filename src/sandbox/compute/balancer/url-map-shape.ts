import type {Shape} from '../../api.ts'
import {shape} from '../resources.ts'

const customErrorResponsePolicy = shape('errorService', {
  errorResponseRules: {list: shape('path', {matchResponseCodes: {list: 'string'}, overrideResponseCode: 'int'})},
})
const duration: Shape = {fields: {nanos: 'int', seconds: 'int64'}}
const httpHeaderOption = shape('headerName headerValue', {replace: 'boolean'})
const httpHeaderAction: Shape = {
  fields: {
    requestHeadersToAdd: {list: httpHeaderOption},
    requestHeadersToRemove: {list: 'string'},
    responseHeadersToAdd: {list: httpHeaderOption},
    responseHeadersToRemove: {list: 'string'},
  },
}
const httpRouteAction: Shape = {
  fields: {
    cachePolicy: {
      fields: {
        cacheBypassRequestHeaderNames: {list: 'string'},
        cacheKeyPolicy: {
          fields: {
            excludedQueryParameters: {list: 'string'},
            includeHost: 'boolean',
            includeProtocol: 'boolean',
            includeQueryString: 'boolean',
            includedCookieNames: {list: 'string'},
            includedHeaderNames: {list: 'string'},
            includedQueryParameters: {list: 'string'},
          },
        },
        cacheMode: {enum: ['CACHE_ALL_STATIC', 'FORCE_CACHE_ALL', 'USE_ORIGIN_HEADERS']},
        clientTtl: duration,
        defaultTtl: duration,
        maxTtl: duration,
        negativeCaching: 'boolean',
        negativeCachingPolicy: {list: {fields: {code: 'int', ttl: duration}}},
        requestCoalescing: 'boolean',
        serveWhileStale: duration,
      },
    },
    corsPolicy: {
      fields: {
        allowCredentials: 'boolean',
        allowHeaders: {list: 'string'},
        allowMethods: {list: 'string'},
        allowOriginRegexes: {list: 'string'},
        allowOrigins: {list: 'string'},
        disabled: 'boolean',
        exposeHeaders: {list: 'string'},
        maxAge: 'int',
      },
    },
    faultInjectionPolicy: {
      fields: {abort: {fields: {httpStatus: 'int', percentage: 'number'}}, delay: {fields: {fixedDelay: duration, percentage: 'number'}}},
    },
    maxStreamDuration: duration,
    requestMirrorPolicy: shape('backendService', {mirrorPercent: 'number'}),
    retryPolicy: {fields: {numRetries: 'int', perTryTimeout: duration, retryConditions: {list: 'string'}}},
    timeout: duration,
    urlRewrite: shape('hostRewrite pathPrefixRewrite pathTemplateRewrite', {regexRewrite: shape('pathPattern pathSubstitution')}),
    weightedBackendServices: {list: shape('backendService', {headerAction: httpHeaderAction, weight: 'int'})},
  },
}
const httpRedirectAction = shape('hostRedirect pathRedirect prefixRedirect', {
  httpsRedirect: 'boolean',
  redirectResponseCode: {enum: ['FOUND', 'MOVED_PERMANENTLY_DEFAULT', 'PERMANENT_REDIRECT', 'SEE_OTHER', 'TEMPORARY_REDIRECT']},
  stripQuery: 'boolean',
})

/** The body of a UrlMap: every field of the discovery document. */
export const urlMapShape = shape('creationTimestamp defaultService description kind name region selfLink', {
  defaultCustomErrorResponsePolicy: customErrorResponsePolicy,
  defaultRouteAction: httpRouteAction,
  defaultUrlRedirect: httpRedirectAction,
  fingerprint: 'bytes',
  headerAction: httpHeaderAction,
  hostRules: {list: shape('description pathMatcher', {hosts: {list: 'string'}})},
  id: 'int64',
  pathMatchers: {
    list: shape('defaultService description name', {
      defaultCustomErrorResponsePolicy: customErrorResponsePolicy,
      defaultRouteAction: httpRouteAction,
      defaultUrlRedirect: httpRedirectAction,
      headerAction: httpHeaderAction,
      pathRules: {
        list: shape('service', {
          customErrorResponsePolicy: customErrorResponsePolicy,
          paths: {list: 'string'},
          routeAction: httpRouteAction,
          urlRedirect: httpRedirectAction,
        }),
      },
      routeRules: {
        list: shape('description service', {
          customErrorResponsePolicy: customErrorResponsePolicy,
          headerAction: httpHeaderAction,
          matchRules: {
            list: shape('fullPathMatch pathTemplateMatch prefixMatch regexMatch', {
              headerMatches: {
                list: shape('exactMatch headerName prefixMatch regexMatch suffixMatch', {
                  invertMatch: 'boolean',
                  presentMatch: 'boolean',
                  rangeMatch: {fields: {rangeEnd: 'int64', rangeStart: 'int64'}},
                }),
              },
              ignoreCase: 'boolean',
              metadataFilters: {
                list: {
                  fields: {filterLabels: {list: shape('name value')}, filterMatchCriteria: {enum: ['MATCH_ALL', 'MATCH_ANY', 'NOT_SET']}},
                },
              },
              queryParameterMatches: {list: shape('exactMatch name regexMatch', {presentMatch: 'boolean'})},
            }),
          },
          priority: 'int',
          routeAction: httpRouteAction,
          urlRedirect: httpRedirectAction,
        }),
      },
    }),
  },
  tests: {
    list: shape('description expectedOutputUrl host path service', {
      expectedRedirectResponseCode: 'int',
      headers: {list: shape('name value')},
    }),
  },
})
