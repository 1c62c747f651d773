// A file of its own, so that it can be loaded where it is used.
export { MultiSelect } from '@mantine/core';
