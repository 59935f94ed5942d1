/** The list below a field in which one types. While the page scrolls it goes along with its field; one that closed then would take what was typed with it. */

import { type ReactNode, type RefObject, useContext, useEffect, useMemo, useState } from 'react';
import { OverlayTriggerStateContext, Popover } from 'react-aria-components';

interface Props {
  /** What it stands below. */
  field: RefObject<HTMLElement | null>;
  className: string;
  children: ReactNode;
}

/** Whether nothing of `field` is to be seen in what scrolls around it. */
function isOutOfSight(field: HTMLElement, scrolled: Node): boolean {
  const { top, bottom } = field.getBoundingClientRect();
  const view = scrolled instanceof Element && scrolled !== document.documentElement ? scrolled.getBoundingClientRect() : { top: 0, bottom: innerHeight };
  return bottom < Math.max(0, view.top) || top > Math.min(innerHeight, view.bottom);
}

export function FollowingPopover({ field, className, children }: Props) {
  const state = useContext(OverlayTriggerStateContext);
  const isOpen = state?.isOpen ?? false;
  const [isMoved, setMoved] = useState(false);
  const [isHidden, setHidden] = useState(false);
  useEffect(() => {
    if (!isOpen) return;
    let frame = 0;
    const scrolled = ({ target }: Event) => {
      if (!(target instanceof Node) || !field.current || !target.contains(field.current) || target === field.current) return;
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        if (!field.current) return;
        setHidden(isOutOfSight(field.current, target));
        setMoved((before) => !before);
      });
    };
    addEventListener('scroll', scrolled, true);
    return () => {
      removeEventListener('scroll', scrolled, true);
      cancelAnimationFrame(frame);
      setHidden(false);
    };
  }, [isOpen, field]);
  const staying = useMemo(
    () =>
      state && {
        ...state,
        // The list's only word on why it is closed is the event that is being handled.
        close: () => {
          if (window.event?.type !== 'scroll') state.close();
        },
      },
    [state],
  );
  return (
    <OverlayTriggerStateContext.Provider value={staying}>
      {/* A change of what it is placed by has it placed anew; without an arrow this distance means nothing else. */}
      <Popover className={className} arrowBoundaryOffset={isMoved ? 1 : 0} style={isHidden ? { visibility: 'hidden' } : {}}>
        {children}
      </Popover>
    </OverlayTriggerStateContext.Provider>
  );
}
