/**
 * A value that only GitHub can open: a sealed box of libsodium for the repository's public key (base64), as its REST API wants secrets.
 */
export const seal = async (value: string, publicKey: string): Promise<string> => {
  const {default: sodium} = await import('libsodium-wrappers')
  await sodium.ready
  const sealed = sodium.crypto_box_seal(value, sodium.from_base64(publicKey, sodium.base64_variants.ORIGINAL))
  return sodium.to_base64(sealed, sodium.base64_variants.ORIGINAL)
}
