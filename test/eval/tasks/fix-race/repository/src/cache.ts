/** Remembers what a slow loader gave. */
export function createCache<T>(load: (key: string) => Promise<T>) {
  const known = new Map<string, T>();
  return {
    async get(key: string): Promise<T> {
      const value = known.get(key);
      if (value !== undefined) return value;
      const loaded = await load(key);
      known.set(key, loaded);
      return loaded;
    },
    forget(key: string): void {
      known.delete(key);
    },
  };
}
