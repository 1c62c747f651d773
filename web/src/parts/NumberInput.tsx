// A file of its own, so that it can be loaded where it is used.
export { NumberInput } from '@mantine/core';
