/** Buttons: `primary` once a page at most, `secondary` by default, `ghost` for the quiet ones, `danger` for what destroys. */

import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps, Tooltip, TooltipTrigger } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import styles from './Button.module.css';
import { Icon } from './Icon';
import { Spinner } from './Spinner';

type Kind = 'primary' | 'secondary' | 'ghost' | 'danger';

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  kind?: Kind;
  icon?: string;
  /** Something that it began is on its way: it turns and takes no second press. */
  busy?: boolean;
  small?: boolean;
  className?: string | undefined;
  children?: ReactNode;
}

export function Button({ kind = 'secondary', icon, busy = false, small = false, className, children, ...rest }: ButtonProps) {
  const { t } = useTranslation('components');
  return (
    <AriaButton
      {...rest}
      isPending={busy}
      className={`${styles.button} ${styles[kind]} ${small ? styles.small : ''} ${className ?? ''}`}
    >
      {busy ? <Spinner size={18} label={t('busy')} /> : icon && <Icon path={icon} size={small ? 18 : 20} />}
      {children}
    </AriaButton>
  );
}

export interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children' | 'aria-label'> {
  /** What it does: read aloud, and shown when one points at it. */
  label: string;
  icon: string;
  kind?: Kind;
  busy?: boolean;
  /** A switch of its own: pressed or not. */
  pressed?: boolean;
  className?: string | undefined;
}

export function IconButton({ label, icon, kind = 'ghost', busy = false, pressed, className, ...rest }: IconButtonProps) {
  return (
    <TooltipTrigger delay={500}>
      <AriaButton
        {...rest}
        aria-label={label}
        {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
        isPending={busy}
        className={`${styles.button} ${styles.icon} ${styles[kind]} ${pressed ? styles.pressed : ''} ${className ?? ''}`}
      >
        {busy ? <Spinner size={20} label="" /> : <Icon path={icon} size={22} />}
      </AriaButton>
      <Tooltip className={styles.tooltip!} offset={6}>
        {label}
      </Tooltip>
    </TooltipTrigger>
  );
}
