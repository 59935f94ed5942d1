import type { ReactNode } from 'react';
import { mdiCheck, mdiDotsVertical } from '@mdi/js';
import { Button as AriaButton, Header, Menu as AriaMenu, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components';
import { Icon } from './Icon';
import styles from './Menu.module.css';

export interface MenuEntry {
  id: string;
  label: string;
  icon?: string;
  /** One of a choice: a tick stands behind the one that is chosen. */
  selected?: boolean;
  danger?: boolean;
  disabled?: boolean;
  /** Entries with the same words here stand together under them; `''`: after a line. */
  section?: string;
  run: () => void;
}

/** A menu behind a button: three dots, or `children`. `label` names the button. */
export function Menu({ entries, label, children }: { entries: readonly MenuEntry[]; label: string; children?: ReactNode }) {
  const sections = new Map<string | undefined, MenuEntry[]>();
  for (const entry of entries) sections.set(entry.section, [...(sections.get(entry.section) ?? []), entry]);
  return (
    <MenuTrigger>
      <AriaButton aria-label={label} className={children ? styles.wide! : styles.dots!}>
        {children ?? <Icon path={mdiDotsVertical} size={22} />}
      </AriaButton>
      <Popover className={styles.popover!} placement="bottom end">
        <AriaMenu className={styles.menu!} onAction={(key) => entries.find((entry) => entry.id === key)?.run()}>
          {[...sections].map(([title, inside], index) => (
            <MenuSection key={title ?? '-'} className={index > 0 ? styles.section! : ''} aria-label={title || label}>
              {title && <Header className={styles.title!}>{title}</Header>}
              {inside.map((entry) => (
                <MenuItem key={entry.id} id={entry.id} textValue={entry.label} isDisabled={entry.disabled ?? false} className={`${styles.item} ${entry.danger ? styles.danger : ''}`}>
                  {entry.icon && <Icon path={entry.icon} size={20} />}
                  <span className={styles.label}>{entry.label}</span>
                  {entry.selected && <Icon path={mdiCheck} size={18} label="✓" />}
                </MenuItem>
              ))}
            </MenuSection>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
