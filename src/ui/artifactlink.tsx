import * as React from 'react';

/**
 * Name of an artifact: opened in a tab of the browser, where the server part
 * keeps it in a sandbox or offers it as a download; a folder comes as a zip.
 */
export function ArtifactLink(props: {
  /** Address of the artifact. */
  address: string;
  label: string;
  title: string;
}): React.ReactElement {
  return (
    <a
      className="jp-Experiments-artifact"
      href={props.address}
      target="_blank"
      // With the referrer: the server answers a cookie only from this page.
      rel="noopener"
      title={props.title}
    >
      {props.label}
    </a>
  );
}
