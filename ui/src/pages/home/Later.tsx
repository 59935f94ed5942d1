/** What is far below comes when it is scrolled near: a home of 200 rooms has 5,000 cards. */

import { type ReactNode, useEffect, useRef, useState } from 'react';

const NEAR = '800px 0px';

export function Later({ now, height, children }: { now: boolean; height: number; children: () => ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(now || typeof IntersectionObserver === 'undefined');
  useEffect(() => {
    if (near || !place.current) return undefined;
    const observer = new IntersectionObserver((seen) => seen.some((each) => each.isIntersecting) && setNear(true), { rootMargin: NEAR });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [near]);
  return near ? children() : <div ref={place} style={{ height }} />;
}
