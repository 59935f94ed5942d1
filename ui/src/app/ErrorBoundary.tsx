/** A page that breaks takes only itself along. */

import { Component, type ErrorInfo, type ReactNode } from 'react';
import i18next from 'i18next';
import { Button } from '@/components/Button';
import { EmptyState } from '@/components/EmptyState';
import { mdiAlertCircleOutline } from '@mdi/js';

interface Props {
  children: ReactNode;
  /** Another value is another place: the error of the former is forgotten. */
  place?: string;
}

interface State {
  error: Error | null;
  place: string | undefined;
}

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null, place: this.props.place };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.place === state.place ? null : { error: null, place: props.place };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    // eslint-disable-next-line no-console -- where whoever mends it looks first
    console.error(error, info.componentStack);
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    // A file of an older build is gone: the server was updated while this tab was open.
    const outdated = /dynamically imported module|module script/i.test(error.message);
    return (
      <EmptyState
        icon={mdiAlertCircleOutline}
        title={i18next.t(outdated ? 'app:broken.outdated' : 'app:broken.title')}
        text={outdated ? i18next.t('app:broken.outdatedText') : error.message}
      >
        <Button kind="primary" onPress={() => location.reload()}>
          {i18next.t('app:broken.reload')}
        </Button>
      </EmptyState>
    );
  }
}
