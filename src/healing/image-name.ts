/** The name of an image as a registry knows it, with a tag or digest; nothing that could be an option, a path or a bare digest. */
export const IMAGE_NAME =
  /^(?!sha256(?:[:/@]|$))[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?(?::\d{1,5})?(?:\/[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)*(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/;

/** No image has a longer name. */
export const LONGEST_IMAGE_NAME = 255;
