// Reads the two documents beside it.
const of = (name) => ({
  [`${name}Fetch`]: { input: `./${name}.yaml`, output: { target: `./${name}/orval/fetch.ts`, client: 'fetch' } },
  [`${name}Zod`]: {
    input: `./${name}.yaml`,
    output: {
      target: `./${name}/orval/zod.ts`,
      client: 'zod',
      override: { zod: { generateEachHttpStatus: true } },
    },
  },
});

export default { ...of('openapi'), ...of('admin') };
