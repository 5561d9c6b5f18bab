// These keep a network of their own, whose loopback nobody else can listen on.
const OWN_NETWORK = /runsc|gvisor|kata/i;

/** True for a runtime whose containers can have no way out, by its name. */
export function hasOwnNetwork(runtime: string): boolean {
  return OWN_NETWORK.test(runtime);
}
