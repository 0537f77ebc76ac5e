import sys

from toxvol._command import main

sys.exit(main())
