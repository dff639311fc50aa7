/** Some of several: a button that opens a list of check boxes. */
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { type ReactNode, useState } from 'react';

interface ManyOfProps<T extends string> {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly chosen: readonly T[];
  readonly options: readonly { readonly value: T; readonly label: string; readonly fixed?: boolean }[];
  readonly onChoose: (chosen: T[]) => void;
  /** Do not count the chosen ones on the button: all are chosen by default. */
  readonly uncounted?: boolean;
}

export function ManyOf<T extends string>({
  label,
  icon,
  chosen,
  options,
  onChoose,
  uncounted,
}: ManyOfProps<T>) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const toggle = (value: T): void => {
    onChoose(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  };
  const counted = uncounted !== true && chosen.length > 0;
  return (
    <>
      <Button
        variant="outlined"
        startIcon={icon}
        color={counted ? 'primary' : 'inherit'}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {label}
        {counted ? ` · ${chosen.length}` : ''}
      </Button>
      <Menu open={anchor !== null} anchorEl={anchor} onClose={() => setAnchor(null)}>
        {options.map((option) => (
          <MenuItem
            key={option.value}
            dense
            role="menuitemcheckbox"
            aria-checked={chosen.includes(option.value)}
            disabled={option.fixed === true}
            onClick={() => toggle(option.value)}
          >
            <Checkbox
              size="small"
              edge="start"
              checked={chosen.includes(option.value)}
              slotProps={{ input: { tabIndex: -1, 'aria-hidden': true } }}
            />
            {option.label}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}
