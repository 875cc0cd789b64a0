script reject.ozml

  0.000  Request: POST http://app.test/ivr/script NotificationName=IncomingCall&CallId=02Al26WS&CallerID=%2B3615550100&CallerDisplayName=%C3%81gnes+%26+Co&Dialed=%2B3615550199&ApiExtension=900
  0.000  Ended: the call is refused: Reject, line 1
