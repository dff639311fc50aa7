import { createTheme } from '@mui/material/styles';

/**
 * MUI's controls in the colours of base.css. The status colours stay out of the palette: they mean verdicts and are
 * used by status/ alone.
 */
const light = {
  accent: '#0b5cad',
  ink: '#16202a',
  soft: '#4d5965',
  ground: '#f6f7f8',
  panel: '#ffffff',
  line: '#d6dade',
};
const dark = {
  accent: '#7db8f7',
  ink: '#e6ebf0',
  soft: '#a7b3be',
  ground: '#10161c',
  panel: '#182028',
  line: '#313d48',
};

function paletteOf(colours: typeof light) {
  return {
    primary: { main: colours.accent },
    text: { primary: colours.ink, secondary: colours.soft },
    background: { default: colours.ground, paper: colours.panel },
    divider: colours.line,
  };
}

export const theme = createTheme({
  cssVariables: { colorSchemeSelector: '[data-theme="%s"]' },
  colorSchemes: { light: { palette: paletteOf(light) }, dark: { palette: paletteOf(dark) } },
  shape: { borderRadius: 4 },
  typography: { fontFamily: 'var(--sans)', fontSize: 14, button: { textTransform: 'none', fontWeight: 500 } },
  components: {
    MuiButtonBase: { defaultProps: { disableRipple: true } },
    MuiButton: {
      defaultProps: { size: 'small', color: 'inherit' },
      styleOverrides: {
        outlined: { borderColor: 'var(--line-strong)', background: 'var(--panel)', minHeight: 32 },
      },
    },
    MuiIconButton: { defaultProps: { size: 'small', color: 'inherit' } },
    MuiOutlinedInput: {
      styleOverrides: {
        root: { fontSize: 14, background: 'var(--panel)' },
        notchedOutline: { borderColor: 'var(--line-strong)' },
      },
    },
    MuiTextField: { defaultProps: { size: 'small' } },
    MuiSelect: { defaultProps: { size: 'small' } },
    MuiMenu: { defaultProps: { transitionDuration: 0 } },
    MuiDialog: { defaultProps: { transitionDuration: 0 } },
    MuiPaper: { styleOverrides: { root: { backgroundImage: 'none' } } },
  },
});
