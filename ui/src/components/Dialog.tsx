/** Dialogs: they keep the focus, close with Escape, and on a phone come from below. */

import type { ReactNode } from 'react';
import { mdiClose } from '@mdi/js';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from './Button';
import styles from './Dialog.module.css';

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  /** What the dialog is called where `title` is no text. */
  label?: string;
  children: ReactNode;
  /** Buttons at the end. */
  footer?: ReactNode;
  /** Buttons beside the title. */
  actions?: ReactNode;
  size?: 'small' | 'medium' | 'large';
  /** Whether a click outside closes it; false where something typed would be lost. */
  dismissable?: boolean;
  role?: 'dialog' | 'alertdialog';
}

export function Dialog({ open, onClose, title, label, children, footer, actions, size = 'medium', dismissable = true, role = 'dialog' }: DialogProps) {
  const { t } = useTranslation('components');
  return (
    <ModalOverlay isOpen={open} onOpenChange={(isOpen) => !isOpen && onClose()} isDismissable={dismissable} className={styles.scrim!}>
      <Modal className={`${styles.modal} ${styles[size]}`}>
        <AriaDialog role={role} className={styles.dialog!} {...(label ? { 'aria-label': label } : {})}>
          <div className={styles.head}>
            <Heading slot="title" className={styles.title!}>
              {title}
            </Heading>
            {actions}
            <IconButton label={t('close')} icon={mdiClose} onPress={onClose} />
          </div>
          <div className={styles.body}>{children}</div>
          {footer && <div className={styles.foot}>{footer}</div>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

interface ConfirmProps {
  open: boolean;
  title: string;
  /** What will happen, and whether it can be undone. */
  text?: ReactNode;
  /** The word on the button: what it does ("Delete"), never "OK". */
  confirm: string;
  danger?: boolean;
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

export function ConfirmDialog({ open, title, text, confirm, danger = false, busy = false, onConfirm, onClose }: ConfirmProps) {
  const { t } = useTranslation('components');
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      size="small"
      role="alertdialog"
      footer={
        <>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button kind={danger ? 'danger' : 'primary'} busy={busy} onPress={onConfirm} autoFocus>
            {confirm}
          </Button>
        </>
      }
    >
      {text}
    </Dialog>
  );
}
