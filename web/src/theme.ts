// The look: colours that keep their contrast in both schemes (WCAG AA), and the defaults of the parts that we use.
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

import { filterOptions } from './parts/option_filter';

const ink: MantineColorsTuple = [
  '#eef0ff', '#dcdffa', '#b6bbf0', '#8e95e6', '#6c75de', '#5761d9', '#4b56d6', '#3c47be', '#343eab', '#2a3597',
];

// Night: a blue-black ground, which Mantine takes for fields, lines and dimmed text.
const dark: MantineColorsTuple = [
  '#d9dde4', '#b8bec9', '#949cab', '#6e7785', '#3a414d', '#2a2f38', '#1f232b', '#171a20', '#12151a', '#0f1115',
];
// One green, one red, one amber: badges, buttons and alerts have the same as charts and dots (global.css).
const teal: MantineColorsTuple = [
  '#e6f6f0', '#d2ecdf', '#a6dcc5', '#74cba8', '#4dbd90', '#2fb488', '#12906b', '#0f7d5c', '#0b6f52', '#08684c',
];
const red: MantineColorsTuple = [
  '#fdecee', '#f9d7da', '#f4aab1', '#f0858f', '#f0646f', '#e54553', '#d6303f', '#c02433', '#b01626', '#9c1020',
];
const orange: MantineColorsTuple = [
  '#fdf3e4', '#fae5c5', '#f7d09a', '#f7bd70', '#f0a13c', '#e58d1c', '#d97706', '#b86200', '#a35400', '#8f4a00',
];

interface ButtonNames {
  clear: string;
  close: string;
}

// `names`: what the buttons are called that parts bring along.
export const themeWith = (names: ButtonNames) => createTheme({
  colors: { ink, dark, teal, red, orange },
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 5 },
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, "Cascadia Mono", "Noto Sans Mono", "Liberation Mono", Menlo, Consolas, monospace',
  // A tool that is looked at all evening: small steps, much in view.
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  spacing: { xs: '0.5rem', sm: '0.625rem', md: '0.875rem', lg: '1.125rem', xl: '1.75rem' },
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '10px', xl: '16px' },
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '0.9375rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  components: {
    InputClearButton: { defaultProps: { 'aria-label': names.clear } },
    ModalCloseButton: { defaultProps: { 'aria-label': names.close } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': names.close } } },
    Alert: { classNames: { root: 'alert' } },
    Button: { classNames: { root: 'button', label: 'button-label' } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.45 } }, styles: { title: { fontWeight: 650, fontSize: '1rem' } } },
    // Fields that one types into find like the server's search.
    Select: { defaultProps: { filter: filterOptions } },
    MultiSelect: { defaultProps: { filter: filterOptions } },
    // On a phone tabs are scrolled, and do not wrap.
    Tabs: { styles: { list: { flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }, tab: { whiteSpace: 'nowrap', flexShrink: 0 } } },
    Table: { defaultProps: { verticalSpacing: 'sm', horizontalSpacing: 'lg' } },
  },
});

// Mantine's own shades for text on a tint, dimmed text and errors stay below AA on a light ground, and red on a dark one.
export const cssVariables: CSSVariablesResolver = (resolved) => {
  const light: Record<string, string> = {
    '--mantine-color-dimmed': '#596069',
    '--mantine-color-placeholder': '#6a717a',
    '--mantine-color-error': resolved.colors['red'][9],
    '--mantine-color-body': '#ffffff',
  };
  const dark: Record<string, string> = {
    '--mantine-color-default': '#1c2028',
    '--mantine-color-default-hover': '#242932',
    '--mantine-color-default-border': '#3a414d',
    '--mantine-color-dimmed': '#a9abb3',
    '--mantine-color-placeholder': '#8d9099',
    '--mantine-color-error': resolved.colors['red'][4],
    '--mantine-color-anchor': '#a3a9ee',
  };
  for (const [name, shades] of Object.entries(resolved.colors)) {
    if (name === 'dark') continue;
    const deep = `color-mix(in srgb, ${shades[9]} ${name === 'yellow' || name === 'lime' ? 58 : 82}%, black)`;
    light[`--mantine-color-${name}-light`] = `color-mix(in srgb, ${shades[6]} 11%, white)`;
    light[`--mantine-color-${name}-light-hover`] = `color-mix(in srgb, ${shades[6]} 18%, white)`;
    light[`--mantine-color-${name}-light-color`] = deep;
    light[`--mantine-color-${name}-text`] = deep;
    dark[`--mantine-color-${name}-light`] = `color-mix(in srgb, ${shades[6]} 18%, transparent)`;
    dark[`--mantine-color-${name}-light-hover`] = `color-mix(in srgb, ${shades[6]} 26%, transparent)`;
    dark[`--mantine-color-${name}-light-color`] = shades[2];
    dark[`--mantine-color-${name}-text`] = shades[3];
  }
  return { variables: {}, light, dark };
};
