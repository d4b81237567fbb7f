"""Faults on purpose: kill, flood, confuse; nothing that was acknowledged is lost, nobody sees what is not theirs."""
